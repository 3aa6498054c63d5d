// The conversation as a recording: fetched, and handed to whoever asked for it.

const NOTHING = "Belum ada yang dapat direkam. (There is nothing to record yet.)";
const FAILED = "Rekaman belum dapat dibuat, coba lagi. (Not recorded, please try again.)";

/** Download the recording of a conversation; what went wrong, in words, or nothing. */
export async function record(office) {
  const query = new URLSearchParams({ office: office.id });
  const answer = await fetch(`/chat/recording?${query}`).catch(() => null);
  if (!answer?.ok) return answer?.status === 409 ? NOTHING : FAILED;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = `${office.id}.yml`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  return "";
}

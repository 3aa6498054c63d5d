// The page of flows waits for the count of open conversations, which takes a while the first time.

const answer = await fetch("/desk/flows/open", { headers: { Accept: "application/json" } });
if (answer.ok && (await answer.json()).counted) location.reload();

// A chime and the number spoken, for whoever cannot see the screen. Silent until somebody presses
// the button once: browsers want that.

const LOCALES = { id: "id-ID", en: "en-GB" };

export class Voice {
  /** @param {{language: string, say: string, sayCounter: string}} words - of the page */
  constructor(words) {
    this.words = words;
    this.context = null;
    this.on = false;
  }

  get able() {
    return "AudioContext" in window;
  }

  /** @returns {boolean} whether it speaks from now on */
  toggle() {
    this.context ??= new AudioContext();
    this.context.resume();
    this.on = !this.on;
    if (this.on) this.chime();
    else window.speechSynthesis?.cancel();
    return this.on;
  }

  /** @param {{number: string, counter: number}} called */
  call({ number, counter }) {
    if (!this.on) return;
    this.chime();
    if (!("speechSynthesis" in window)) return;
    const said = this.words.say.replace("{number}", number.replace(/^L/, "L "))
      + (counter ? this.words.sayCounter.replace("{counter}", counter) : "");
    const spoken = new SpeechSynthesisUtterance(said);
    spoken.lang = LOCALES[this.words.language];
    spoken.rate = 0.9;
    window.speechSynthesis.speak(spoken); // one after the other, by itself
  }

  chime() {
    for (const [after, pitch] of [[0, 659], [0.35, 523]]) {
      const tone = this.context.createOscillator();
      const loud = this.context.createGain();
      const begin = this.context.currentTime + after;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.3, begin);
      loud.gain.exponentialRampToValueAtTime(0.001, begin + 0.7);
      tone.connect(loud).connect(this.context.destination);
      tone.start(begin);
      tone.stop(begin + 0.7);
    }
  }
}

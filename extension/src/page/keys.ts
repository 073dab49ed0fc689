// Keys while something of ours is shown: Esc closes the panel, Esc twice or Alt+Shift+X closes everything at once.

const TWICE = 700;

export class Keys {
  private last = 0;

  constructor(
    private readonly isOpen: () => boolean,
    private readonly close: () => void,
    private readonly exit: () => void,
  ) {}

  on(): void {
    window.addEventListener("keydown", this.press, { capture: true });
  }

  off(): void {
    window.removeEventListener("keydown", this.press, { capture: true });
  }

  private readonly press = (event: KeyboardEvent): void => {
    if (!event.isTrusted) return;
    if (event.altKey && event.shiftKey && event.code === "KeyX") {
      this.exit();
      return;
    }
    if (event.key !== "Escape") return;
    const again = event.timeStamp - this.last < TWICE;
    this.last = event.timeStamp;
    if (again) this.exit();
    else if (this.isOpen()) {
      event.stopPropagation();
      this.close();
    }
  };
}

import { announce } from './announce';
import { h } from './element';

/**
 * A button that copies a text.
 *
 * @param what is copied, for who doesn't see where the button stands, such as `ARN`
 */
export function copyButton(what: string, text: () => string): HTMLElement {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'copy',
      'aria-label': `Copy ${what}`,
      click: () =>
        void copy(text()).then((isCopied) => {
          button.textContent = isCopied ? 'Copied' : 'Not copied';
          announce(isCopied ? `Copied ${what}` : `${what} could not be copied`);
          setTimeout(() => (button.textContent = 'Copy'), SHOWN_MS);
        }),
    },
    'Copy',
  );
  return button;
}

const SHOWN_MS = 1500;

/** Copies by the clipboard's API, and where a page has none (plain HTTP under another name than localhost) by selecting. */
async function copy(text: string): Promise<boolean> {
  try {
    if (isSecureContext) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // refused: the older way may still be allowed
  }
  return copySelected(text);
}

function copySelected(text: string): boolean {
  const focused = document.activeElement;
  const field = h('textarea', { class: 'hidden', readonly: true, 'aria-label': 'Text to copy' });
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return isCopied;
}

/** Copying text, also where the clipboard interface is missing (plain HTTP on another machine) or refused. */

/** Throws where the browser lets nobody copy. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    copySelected(text)
  }
}

function copySelected(text: string): void {
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  const focused = document.activeElement
  const home = focused?.closest('[role=dialog]') ?? document.body // a dialog keeps the focus inside
  home.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  if (!copied) throw new Error('copying was refused')
}

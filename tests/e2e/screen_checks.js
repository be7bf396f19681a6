// What every screen must hold to, looked at from inside the page. axe-core is there before it.
async ({ touch, enhanced }) => {
  const seen = (element) => {
    const style = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    return style.visibility !== 'hidden' && style.display !== 'none' && box.width > 1 && box.height > 1
  }
  const named = (element) => `${element.tagName.toLowerCase()}${element.dataset.testid ? `[${element.dataset.testid}]` : ''}.${element.className} "${(element.textContent ?? '').trim().slice(0, 30)}"`
  const found = []
  const root = document.documentElement
  if (root.scrollWidth > innerWidth + 1) found.push(`wider than the screen: ${root.scrollWidth} of ${innerWidth}`)
  for (const [key] of document.body.innerText.matchAll(/\b(?:shell|order|hq|words|reasons|refusals|notices)(?:\.[a-zA-Z_]\w*)+\b/g)) found.push(`no words for ${key}`)
  for (const [slot] of document.body.innerText.matchAll(/\{\w+\}/g)) found.push(`an empty place in a text: ${slot}`)
  for (const words of ['undefined', 'NaN', '[object Object]', 'Invalid Date']) if (document.body.innerText.includes(words)) found.push(`says ${words}`)
  if (touch) {
    // A radio or checkbox is touched by its label; a link inside a sentence is text.
    const targets = [...document.querySelectorAll('button, select, textarea, input:not([type=radio]):not([type=checkbox]), a[href]')]
    for (const element of targets) {
      if (!seen(element) || element.closest('.unseen, .skip')) continue
      if (element.matches('a') && getComputedStyle(element).display === 'inline') continue
      const { width, height } = element.getBoundingClientRect()
      if (width < 47.5 || height < 47.5) found.push(`too small to touch (${Math.round(width)}×${Math.round(height)}): ${named(element)}`)
    }
  }
  const rules = enhanced ? { 'color-contrast-enhanced': { enabled: true } } : {}
  const { violations } = await axe.run(document, { resultTypes: ['violations'], rules })
  for (const each of violations.filter((violation) => ['serious', 'critical'].includes(violation.impact)))
    found.push(`axe ${each.impact} ${each.id}: ${each.nodes.slice(0, 3).map((node) => `${node.target} ${node.any[0]?.message ?? ''}`).join(' | ')}`)
  return found
}

/** What a page says to the waiting service worker when the person wants the new version. */
export const TAKE_OVER = 'take_over'

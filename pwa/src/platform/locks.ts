/** One at a time, over all tabs and the service worker where the browser has Web Locks, else within this thread. */

const here = new Map<string, Promise<unknown>>()

export async function exclusively<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks
  if (locks) return (await locks.request(name, act)) as Result
  const before = here.get(name) ?? Promise.resolve()
  const mine = before.then(act, act)
  here.set(
    name,
    mine.catch(() => {})
  )
  return await mine
}

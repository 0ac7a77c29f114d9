import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

const servers: Server[] = []
/** Ends those that were started. */
export function stopServing(): void {
  for (const server of servers.splice(0)) server.close()
}

export interface Job {
  memoryMap: [string, string][]
  stacks: [number, number][][]
}

/** Speaks version 5 of the API on the loopback; keeps what it was asked. */
export async function serve(answer: (job: Job) => unknown): Promise<{ url: string; asked: Job[] }> {
  const asked: Job[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += String(part)))
    request.on('end', () => {
      if (request.url !== '/token/symbolicate/v5') return response.writeHead(404).end()
      const { jobs } = JSON.parse(body) as { jobs: Job[] }
      asked.push(...jobs)
      return response.end(JSON.stringify({ results: jobs.map(answer) }))
    })
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, asked }
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * AIを使う, nicer: what must not leave is marked while one types, the answer appears as it is written and can be stopped.
 * Without this script the same form looks first and answers whole. */
'use strict'

const form = document.getElementById('ask')
const PAUSE_MS = 200

function element(name, options = {}, ...inner) {
  const made = Object.assign(document.createElement(name), options)
  made.append(...inner)
  return made
}

/* The places come in bytes of UTF-8. */
function marked(text, spans) {
  const bytes = new TextEncoder().encode(text), reader = new TextDecoder(), box = element('div', { className: 'marked' })
  let at = 0
  for (const span of spans) {
    if (span.action === 'allow' || span.start < at) continue
    box.append(reader.decode(bytes.slice(at, span.start)))
    box.append(element('mark', { className: `found ${span.action === 'stop' ? 'stop' : 'mask'}` }, reader.decode(bytes.slice(span.start, span.end))))
    at = span.end
  }
  box.append(reader.decode(bytes.slice(at)))
  return box
}

function watch() {
  const text = form.querySelector('#text'), seen = form.querySelector('#seen'), button = form.querySelector('#send')
  const model = form.querySelector('#model'), yen = form.querySelector('#yen')
  if (!button) return
  let timer, asked = 0

  const mistaken = form.querySelector('#mistaken'), list = mistaken.querySelector('ul')
  function offer(places) {
    mistaken.hidden = !places.length
    list.replaceChildren(...places.map(place => element('li', {}, `${place.label}: ${place.text} `,
      element('button', { className: 'link', name: 'mistaken', value: place.number, formNoValidate: true }, mistaken.dataset.label))))
  }

  function show(findings, typed) {
    offer(findings?.mistakable ?? [])
    const kinds = findings?.kinds ?? []
    seen.replaceChildren()
    form.dataset.worst = findings?.worst ?? ''
    button.textContent = findings?.worst === 'stop' ? form.dataset.held : kinds.length ? form.dataset.masked : form.dataset.send
    yen.textContent = findings?.yen === undefined ? '' : `≈ ${findings.yen.toLocaleString()} 円`
    if (!kinds.length) return
    const line = element('p')
    for (const kind of kinds)
      line.append(element('span', { className: `kind ${kind.action}` }, kind.label, ' ', element('b', { className: 'num' }, String(kind.count)), ' ', element('small', {}, kind.action_label)), ' ')
    seen.append(line, marked(typed, findings.spans ?? []))
  }

  async function look() {
    const typed = text.value.trim(), number = ++asked
    if (!typed) { show(null, ''); return }
    const body = new URLSearchParams({ csrf: form.elements.csrf.value, text: typed, model: model?.value ?? '' })
    try {
      const answer = await fetch(form.dataset.inspect, { method: 'POST', body, headers: { Accept: 'application/json' } })
      const found = await answer.json()
      if (number === asked) show(found.findings, typed)
    } catch {
      if (number === asked) show(null, typed)
    }
  }

  const later = () => { clearTimeout(timer); timer = setTimeout(look, PAUSE_MS) }
  text.addEventListener('input', later)
  model?.addEventListener('change', later)
  text.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit(button)
  })
  if (text.value) later()
}

async function* events(stream) {
  let rest = ''
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    rest += piece
    for (let end; (end = rest.indexOf('\n\n')) >= 0; rest = rest.slice(end + 2)) {
      const lines = rest.slice(0, end).split('\n')
      const of = name => lines.filter(line => line.startsWith(`${name}:`)).map(line => line.slice(name.length + 1).trim()).join('\n')
      yield { name: of('event'), data: of('data') }
    }
  }
}

function takeOver(html) {
  const page = new DOMParser().parseFromString(html, 'text/html')
  document.getElementById('main').replaceWith(page.getElementById('main'))
  location.hash = ''
}

async function send(event) {
  if (['approve', 'mistaken'].includes(event.submitter?.name) || form.dataset.worst === 'stop') return
  event.preventDefault()
  const text = form.querySelector('#text'), stop = new AbortController(), typed = text.value
  const body = new URLSearchParams(new FormData(form))
  body.set('stream', 'yes')
  if (form.dataset.worst) body.set('agreed', 'yes')
  const said = element('div', { className: 'said', ariaLive: 'polite' })
  const button = element('button', { type: 'button', className: 'plain', onclick: () => stop.abort() }, form.dataset.stop)
  const list = document.getElementById('turns') ?? form.parentNode.insertBefore(element('ol', { className: 'turns', id: 'turns' }), form)
  list.append(element('li', { className: 'me' }, element('div', { className: 'said' }, typed)), element('li', { className: 'model' }, said, button))
  let talk
  try {
    const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' }, signal: stop.signal })
    if (!answer.headers.get('Content-Type').startsWith('text/event-stream')) {
      takeOver(await answer.text())
      return
    }
    for await (const { name, data } of events(answer.body)) {
      if (name === 'talk') talk = JSON.parse(data).id
      else if (name !== 'trouble' && data && data !== '[DONE]') said.append(JSON.parse(data).choices?.[0]?.delta?.content ?? '')
    }
  } catch (error) {
    if (error.name !== 'AbortError' && talk === undefined) { form.submit(); return }
  }
  if (talk !== undefined) location.assign(`/ai/talks/${talk}#last`)
  else button.remove()
}

if (form) {
  watch()
  form.addEventListener('submit', send)
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Makes the pages nicer where JavaScript runs; every page works without it. Drop a file, paste a picture, copy a text,
 * and send a form once. */
'use strict'

function give(input, files) {
  const list = new DataTransfer()
  list.items.add(files[0])
  input.files = list.files
  input.dispatchEvent(new Event('change', { bubbles: true }))
}

for (const area of document.querySelectorAll('.drop')) {
  const input = area.querySelector('#file')
  if (!input) continue
  const over = on => event => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    area.classList.toggle('over', on)
  }
  area.addEventListener('dragenter', over(true))
  area.addEventListener('dragover', over(true))
  area.addEventListener('dragleave', over(false))
  area.addEventListener('drop', event => {
    if (!event.dataTransfer.files.length) return
    event.preventDefault()
    area.classList.remove('over')
    give(input, event.dataTransfer.files)
  })
  document.addEventListener('paste', event => {
    const pictures = [...event.clipboardData.files].filter(file => file.type.startsWith('image/'))
    if (!pictures.length) return
    event.preventDefault()
    give(input, pictures)
  })
}

for (const button of document.querySelectorAll('button[data-copy]')) {
  const source = document.getElementById(button.dataset.copy)
  button.hidden = false
  button.addEventListener('click', async () => {
    const text = source.value ?? source.textContent
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      const range = document.createRange()
      range.selectNodeContents(source)
      getSelection().removeAllRanges()
      getSelection().addRange(range)
      document.execCommand('copy')
    }
    button.textContent = button.dataset.done
  })
}

for (const button of document.querySelectorAll('button[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => print())
}

for (const form of document.querySelectorAll('form[method=post]')) {
  form.addEventListener('submit', event => {
    if (form.dataset.sent) event.preventDefault()
    form.dataset.sent = 'yes'
    setTimeout(() => { delete form.dataset.sent }, 4000)
  })
}
// A long form of choices keeps itself; the button still saves it all.
for (const form of document.querySelectorAll('form[data-autosave]')) {
  let timer
  const save = async () => {
    const body = new URLSearchParams(new FormData(form))
    const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' } }).catch(() => null)
    form.querySelector('[data-saved]').hidden = !answer?.ok
  }
  form.addEventListener('change', event => {
    if (event.target.type !== 'radio') return
    const answered = form.querySelectorAll('input[type=radio]:checked').length
    form.querySelector('[data-answered]').textContent = answered
    form.querySelector('progress').value = answered
    form.querySelector('[data-saved]').hidden = true
    for (const name of form.querySelectorAll('input[name=site]')) name.readOnly = true // it says whose answers these are
    clearTimeout(timer)
    timer = setTimeout(save, 500)
  })
  form.addEventListener('submit', () => clearTimeout(timer))
}

// One button saves one form of a page of many: what was typed into the others stays in this tab until it is saved. A form
// that was sent is saved when the page comes back at its heading.
for (const page of document.querySelectorAll('[data-drafts]')) {
  const form = node => node.form.elements.what?.value
  const place = node => `draft ${location.pathname} ${form(node)} ${node.name}`
  const fields = [...page.querySelectorAll('form :is(textarea, input:not([type=hidden], [type=file]))')].filter(node => form(node))
  const unsaved = node => node.type === 'radio' ? node.checked && !node.defaultChecked : node.value !== node.defaultValue
  const sent = sessionStorage.getItem(`sent ${location.pathname}`)
  const is_saved = sent && location.hash && !document.querySelector('.problem[role=alert]')
  sessionStorage.removeItem(`sent ${location.pathname}`)
  for (const node of fields) {
    const text = sessionStorage.getItem(place(node))
    if (is_saved && form(node) === sent) sessionStorage.removeItem(place(node))
    else if (text !== null && node.type === 'radio') node.checked = node.value === text
    else if (text !== null) node.value = text
    if (text === null || !unsaved(node) || node.form.querySelector('[data-unsaved]')) continue
    const mark = document.createElement('p')
    mark.className = 'late'
    mark.dataset.unsaved = ''
    mark.textContent = page.dataset.drafts
    node.form.append(mark)
    const folded = node.closest('details')
    if (folded) folded.open = true
  }
  page.addEventListener('input', event => {
    if (!fields.includes(event.target)) return
    try {
      sessionStorage.setItem(place(event.target), event.target.value)
    } catch { /* no room: as without a script */ }
  })
  page.addEventListener('submit', event => {
    const what = event.target.elements.what?.value
    if (what) sessionStorage.setItem(`sent ${location.pathname}`, what)
  })
}

addEventListener('pageshow', () => { for (const form of document.forms) delete form.dataset.sent })
addEventListener('beforeprint', () => { for (const folded of document.querySelectorAll('details')) folded.open = true })
const problem = document.querySelector('[aria-invalid=true]')
if (problem) problem.focus()

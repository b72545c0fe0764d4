// A folder becomes a drop, file by file, as the command line does it: what is whole there is not sent again, the
// description comes last, and only then is the drop said to be complete.
window.versemiUpload = (() => {
  const api = '/api/v1/drops';
  const isOfDataset = path => !path.split('/').some(part => part.startsWith('_') || part.startsWith('.'));
  const isDescription = path => path.split('/').pop() === 'dataset.json';
  const address = (name, path) => `${api}/${encodeURIComponent(name)}/files/${path.split('/').map(encodeURIComponent).join('/')}`;

  function attach(zoneId, inputId, page) {
    const zone = document.getElementById(zoneId), input = document.getElementById(inputId);
    for (const name of ['dragenter', 'dragover']) zone.addEventListener(name, event => { event.preventDefault(); zone.classList.add('over'); });
    for (const name of ['dragleave', 'drop']) zone.addEventListener(name, () => zone.classList.remove('over'));
    zone.addEventListener('drop', async event => {
      event.preventDefault();
      // Entries must be taken before the event ends; their files may be read later.
      const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
      const files = entries.length ? await filesOf(entries) : [...event.dataTransfer.files].map(file => ({ path: file.name, file }));
      await send(entries.length === 1 && entries[0].isDirectory ? entries[0].name : '', files, page);
    });
    input.addEventListener('change', async () => {
      const files = [...input.files].map(file => ({ path: file.webkitRelativePath || file.name, file }));
      const folder = files[0]?.path.includes('/') ? files[0].path.split('/')[0] : '';
      await send(folder, files.map(({ path, file }) => ({ path: folder ? path.slice(folder.length + 1) : path, file })), page);
      input.value = '';
    });
  }

  const choose = inputId => document.getElementById(inputId).click();

  async function filesOf(entries) {
    const found = [];
    const walk = async (entry, path) => {
      if (entry.isFile) {
        found.push({ path: path + entry.name, file: await new Promise((done, failed) => entry.file(done, failed)) });
        return;
      }
      const reader = entry.createReader();
      // A reader gives at most a hundred entries at a time.
      for (;;) {
        const some = await new Promise((done, failed) => reader.readEntries(done, failed));
        if (!some.length) break;
        for (const child of some) await walk(child, path + entry.name + '/');
      }
    };
    for (const entry of entries) await walk(entry, '');
    const only = entries.length === 1 && entries[0].isDirectory ? entries[0].name + '/' : '';
    return found.map(({ path, file }) => ({ path: path.slice(only.length), file }));
  }

  async function send(folder, files, page) {
    files = files.filter(({ path }) => isOfDataset(path));
    const name = await page.invokeMethodAsync('Begin', folder);
    try {
      if (!name) throw new Error('The drop has no name: give it one.');
      if (!files.length) throw new Error('There is no file of a dataset in it.');
      if (!files.some(({ path }) => isDescription(path))) throw new Error('There is no dataset.json in it: it says which labels there are.');
      await sendAll(name, files, page);
      await page.invokeMethodAsync('End', name, null);
    } catch (error) {
      await page.invokeMethodAsync('End', name || '', error.message);
    }
  }

  async function sendAll(name, files, page) {
    const there = new Map((await ask(`${api}/${encodeURIComponent(name)}/files`)).map(file => [file.path, file]));
    const total = files.reduce((sum, { file }) => sum + file.size, 0);
    let sent = 0;
    const tell = async (file, path) => { sent += file.size; await page.invokeMethodAsync('Progress', sent, total, `${path}: ${megabytes(sent)} of ${megabytes(total)} MB`); };
    const open = [];
    for (const one of files) {
      if (await isThere(name, one, there.get(one.path))) await tell(one.file, one.path);
      else open.push(one);
    }
    const stale = [...there.keys()].filter(path => !files.some(one => one.path === path));
    if (open.length + stale.length) {
      for (const path of new Set([...[...there.keys()].filter(isDescription), ...stale])) await must(address(name, path), { method: 'DELETE' });
      for (const { path, file } of open.filter(one => !isDescription(one.path))) {
        await must(address(name, path), { method: 'PUT', body: file });
        await tell(file, path);
      }
      for (const { path, file } of files.filter(one => isDescription(one.path))) await must(address(name, path), { method: 'PUT', body: file });
    }
    await page.invokeMethodAsync('Progress', total, total, 'All files are there.');
    await must(`${api}/${encodeURIComponent(name)}/complete`, { method: 'POST', headers: { 'Idempotency-Key': crypto.randomUUID?.() ?? String(Math.random()) } });
  }

  // By content: a corrected label is often as long as the one before.
  async function isThere(name, { path, file }, known) {
    if (known?.bytes !== file.size || !crypto.subtle) return false;
    const hash = [...new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))].map(byte => byte.toString(16).padStart(2, '0')).join('');
    return (await ask(address(name, path))).sha256 === hash;
  }

  const ask = async path => (await must(path)).json();

  async function must(path, options) {
    const answer = await fetch(path, options);
    if (!answer.ok) throw new Error(await window.versemi.refusal(answer));
    return answer;
  }

  const megabytes = bytes => (bytes / 1e6).toFixed(1);

  return { attach, choose };
})();

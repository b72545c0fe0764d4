// NiiVue in the page. It is large, so it comes with the first volume.
window.versemiViewer = (() => {
  const shown = new Map();
  const version = document.currentScript.src.split('?')[1] ?? '';
  let library;

  const load = () => library ??= new Promise((done, failed) => {
    const script = document.createElement('script');
    script.src = `assets/niivue/niivue.umd.js?${version}`;
    script.onload = () => done(window.niivue);
    script.onerror = () => { library = undefined; failed(new Error('The viewer could not be loaded: is the platform still there?')); };
    document.head.append(script);
  });

  async function open(id, image, truth, prediction) {
    try {
      const { Niivue } = await load();
      const viewer = new Niivue({ backColor: [0, 0, 0, 1], show3Dcrosshair: true, isResizeCanvas: true, loadingText: '', logLevel: 'error',
        crosshairWidthUnit: 'percent', crosshairWidth: 0.3, crosshairColor: [0.35, 0.75, 1, 0.9] });
      await viewer.attachTo(id);
      const overlays = [[truth, 0.7], [prediction, 0.45]].filter(([overlay]) => overlay);
      await viewer.loadVolumes([{ url: image }, ...overlays.map(([overlay, opacity]) => ({ url: overlay.url, opacity }))]);
      overlays.forEach(([overlay], i) => viewer.volumes[i + 1].setColormapLabel(colours(overlay.labels, i)));
      viewer.setSliceType(viewer.sliceTypeMultiplanar);
      viewer.opts.multiplanarShowRender = 1;
      viewer.updateGLVolume();
      shown.set(id, viewer);
      return null;
    } catch (error) {
      return `The case cannot be shown: ${error.message}`;
    }
  }

  // A table from value to colour; 0 is clear. The second overlay is lighter than the first.
  function colours(labels, lighter) {
    const most = Math.max(...labels.map(label => label.value));
    const table = { R: [], G: [], B: [], A: [], I: [], labels: [] };
    for (let value = 0; value <= most; value++) {
      const label = labels.find(one => one.value === value);
      const [r, g, b] = [1, 3, 5].map(at => label ? parseInt(label.colour.slice(at, at + 2), 16) : 0).map(part => lighter ? Math.round(part + (255 - part) * 0.45) : part);
      table.R.push(r); table.G.push(g); table.B.push(b); table.A.push(label ? 255 : 0); table.I.push(value); table.labels.push(label?.name ?? '');
    }
    return table;
  }

  function view(id, name) {
    const viewer = shown.get(id);
    if (!viewer) return;
    viewer.setSliceType({ Axial: viewer.sliceTypeAxial, Coronal: viewer.sliceTypeCoronal, Sagittal: viewer.sliceTypeSagittal, '3-D': viewer.sliceTypeRender }[name] ?? viewer.sliceTypeMultiplanar);
  }

  function show(id, truth, prediction) {
    const viewer = shown.get(id);
    viewer?.setOpacity(1, truth ? 0.7 : 0);
    if (viewer?.volumes.length > 2) viewer.setOpacity(2, prediction ? 0.45 : 0);
  }

  function close(id) {
    const viewer = shown.get(id);
    shown.delete(id);
    viewer?.gl?.getExtension('WEBGL_lose_context')?.loseContext();
  }

  return { open, view, show, close };
})();

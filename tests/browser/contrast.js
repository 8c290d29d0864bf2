// Returns the texts below `root` whose contrast with their ground is under the AA level of WCAG 2: 4.5, or 3 for large type.
(root) => {
  const channels = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
  };
  const over = (top, bottom) => top.rgb.map((value, i) => value * top.alpha + bottom[i] * (1 - top.alpha));
  const ground = (element) => {
    const layers = [];
    for (let node = element; node; node = node.parentElement) {
      layers.push(channels(getComputedStyle(node).backgroundColor));
      if (layers[layers.length - 1].alpha === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const opacity = (element) => {
    let product = 1;
    for (let node = element; node; node = node.parentElement) product *= Number(getComputedStyle(node).opacity);
    return product;
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  for (const element of document.querySelectorAll(root + " *")) {
    const own = [...element.childNodes].filter((n) => n.nodeType === 3 && n.textContent.trim()).map((n) => n.textContent.trim());
    if (!own.length || !element.checkVisibility({ checkVisibilityCSS: true }) || element.closest("svg, .katex-mathml, noscript")) continue;
    if (element.closest(":disabled")) continue;
    const style = getComputedStyle(element);
    const behind = ground(element);
    const colour = channels(style.color);
    const front = over({ rgb: colour.rgb, alpha: colour.alpha * opacity(element) }, behind);
    const [light, dark] = [luminance(front), luminance(behind)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) {
      found.push(`${ratio.toFixed(2)} ${element.tagName.toLowerCase()}.${[...element.classList].join(".")}: ${own.join(" ").slice(0, 40)}`);
    }
  }
  return [...new Set(found)];
}

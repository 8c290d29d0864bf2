// The documentation page: Swagger UI on our own document, with the mathematics in its descriptions set by KaTeX.
"use strict";

(function () {
  const ROOT = document.getElementById("documentation");
  const PROSE = ".renderedMarkdown, .markdown, .info__description, .opblock-description";
  const MATHEMATICS = {
    delimiters: [
      { left: "$$", right: "$$", display: true },
      { left: "$", right: "$", display: false },
    ],
    ignoredTags: ["script", "style", "textarea", "pre", "code", "option"],
    throwOnError: false,
  };

  // A description is looked at once: what KaTeX has set holds no dollar signs any more, but its source annotation might.
  const seen = new WeakSet();

  function setMathematics() {
    for (const prose of ROOT.querySelectorAll(PROSE)) {
      if (!seen.has(prose)) {
        seen.add(prose);
        if (prose.textContent.includes("$")) {
          window.renderMathInElement(prose, MATHEMATICS);
        }
      }
    }
  }

  let waiting = false;

  function setMathematicsSoon() {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(function () {
        waiting = false;
        setMathematics();
      });
    }
  }

  window.SwaggerUIBundle({
    url: "/openapi.json",
    domNode: ROOT,
    layout: "BaseLayout",
    presets: [window.SwaggerUIBundle.presets.apis],
    deepLinking: true,
    filter: true,
    tryItOutEnabled: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    defaultModelExpandDepth: 2,
    displayRequestDuration: true,
    showExtensions: false,
    persistAuthorization: false,
    validatorUrl: null,
    queryConfigEnabled: false,
    syntaxHighlight: { activated: true, theme: "agate" },
    onComplete: function () {
      setMathematics();
      new MutationObserver(setMathematicsSoon).observe(ROOT, { childList: true, subtree: true });
    },
  });
})();

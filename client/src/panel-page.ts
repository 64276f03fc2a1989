/** What the page of a panel is made of: addresses that the webview may load, and a nonce that no other script knows. */
export interface PanelPage {
  readonly script: string;
  readonly style: string;
  /** Where the webview may load styles from (`webview.cspSource`). */
  readonly cspSource: string;
  readonly nonce: string;
}

/**
 * The HTML of the preview panel. Nothing inline runs or styles, nothing remote is loaded; images are only those that
 * the page makes itself when it turns its picture into a PNG. No text of a manifest is ever put in here.
 */
export function panelHtml({ script, style, cspSource, nonce }: PanelPage): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${cspSource}; img-src blob:`;
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Rollout preview</title>
    <link rel="stylesheet" href="${style}" />
  </head>
  <body>
    <main id="preview"></main>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`;
}

import { render, type VNode } from "preact";
import { axisHeight, curveHeight, layoutOf, type Layout } from "../layout.js";
import type { Shared } from "../../../../server/src/engine/rollout/share.js";
import { Axis } from "./axis.js";
import { CurveDrawing, heightOf } from "./curve.js";
import { Lanes } from "./lanes.js";
import { legendOf } from "./legend.js";
import { PatternDefinitions, Swatch } from "./looks.js";

const width = 1200;
const headHeight = 44;
const legendHeight = 44;

/** The picture as a file of its own, with the colours that it has in the page at this moment. */
export function svgOf(shared: Shared): string {
  const place = document.createElement("div");
  place.className = "unseen";
  document.body.append(place);
  try {
    render(<Drawing shared={shared} />, place);
    const drawing = place.querySelector("svg");
    if (drawing === null) throw new Error("the drawing is not there");
    settleStyles(drawing);
    return new XMLSerializer().serializeToString(drawing);
  } finally {
    render(null, place);
    place.remove();
  }
}

/** Paints an SVG at twice its size, or as large as a canvas may be; resolves to the Base64 of a PNG. */
export async function pngOf(svg: string): Promise<string> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(2, largestCanvas / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/png").replace(/^data:image\/png;base64,/, "");
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Pixels on a side that Chromium surely paints. */
const largestCanvas = 16_000;

function Drawing({ shared }: { readonly shared: Shared }): VNode {
  const { picture, name, verdict } = shared;
  const layout = layoutOf(picture.lanes, { width, zoom: 1, seconds: picture.drawnUntil });
  const lanesTop = headHeight + axisHeight;
  const lanesHeight = picture.lanes.length * layout.pitch;
  const height = lanesTop + lanesHeight + curveHeight + legendHeight;
  const rowOf = new Map(picture.lanes.map(({ ordinal }, row) => [ordinal, row]));
  const rows = {
    layout,
    rowOf,
    first: 0,
    last: picture.lanes.length - 1,
    selected: -1,
    left: 0,
    onPick: () => undefined,
  };
  return (
    <svg xmlns="http://www.w3.org/2000/svg" class="standalone" width={width} height={height}>
      <PatternDefinitions />
      <rect class="background" width={width} height={height} />
      <text class="standalone-title" x="16" y="28">
        {`${name}: ${verdict.title}`}
      </text>
      <g transform={`translate(${layout.labelWidth} ${headHeight})`}>
        <Axis layout={layout} drawnUntil={picture.drawnUntil} />
      </g>
      <g transform={`translate(0 ${lanesTop})`}>
        <Labels picture={picture} layout={layout} />
      </g>
      <g transform={`translate(${layout.labelWidth} ${lanesTop})`}>
        <Lanes picture={picture} {...rows} />
      </g>
      <text class="standalone-pod" x="16" y={lanesTop + lanesHeight + 26}>
        Ready pods
      </text>
      <g transform={`translate(${layout.labelWidth} ${lanesTop + lanesHeight})`}>
        <CurveDrawing curve={picture.curve} drawnUntil={picture.drawnUntil} layout={layout} />
        <g transform="translate(-10 0)">
          <Bound curve={picture.curve} ready={picture.curve.highest} />
          {picture.curve.lowest !== picture.curve.highest && (
            <Bound curve={picture.curve} ready={picture.curve.lowest} />
          )}
        </g>
      </g>
      <g transform={`translate(16 ${height - legendHeight + 14})`}>
        <Legend picture={picture} />
      </g>
    </svg>
  );
}

function Labels({ picture, layout }: { readonly picture: Shared["picture"]; readonly layout: Layout }): VNode {
  return (
    <>
      {picture.lanes.map(({ ordinal, pod, claims }, row) => (
        <g key={ordinal} transform={`translate(16 ${row * layout.pitch + layout.barTop})`}>
          <text class="standalone-pod" y="12">
            {pod}
          </text>
          {layout.namesClaims &&
            claims.map(({ name }, line) => (
              <text key={name} class="standalone-claim" y={28 + line * 16}>
                {name}
              </text>
            ))}
        </g>
      ))}
    </>
  );
}

function Bound({ curve, ready }: { readonly curve: Shared["picture"]["curve"]; readonly ready: number }): VNode {
  return (
    <text class="standalone-claim" text-anchor="end" y={heightOf(curve, ready) + 4}>
      {ready}
    </text>
  );
}

function Legend({ picture }: { readonly picture: Shared["picture"] }): VNode {
  let x = 0;
  return (
    <>
      {legendOf(picture).map(({ appearance, words }) => {
        const place = x;
        x += 50 + words.length * 6.4;
        return (
          <g key={words} transform={`translate(${place} 0)`}>
            <Swatch appearance={appearance} />
            <text class="standalone-claim" x="29" y="11">
              {words}
            </text>
          </g>
        );
      })}
    </>
  );
}

const shapeProperties = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin"];
const textProperties = ["fill", "stroke", "stroke-width", "paint-order", "font-family", "font-size", "font-weight"];

/** What the style sheet says becomes each element's own, so that the picture needs neither sheet nor theme. */
function settleStyles(drawing: Element): void {
  const elements = [drawing, ...drawing.querySelectorAll("*")];
  // All are asked before any is changed, because a style may hang on the class of a parent.
  const styles = elements.map((element) => settledStyle(element));
  for (const [index, element] of elements.entries()) {
    for (const [property, value] of styles[index] ?? []) element.setAttribute(property, value);
    element.removeAttribute("class");
    element.removeAttribute("style");
  }
}

function settledStyle(element: Element): readonly (readonly [property: string, value: string])[] {
  const isShape = ["path", "rect", "circle"].includes(element.localName);
  const properties = isShape ? shapeProperties : element.localName === "text" ? textProperties : [];
  const style = getComputedStyle(element);
  return properties.map((property) => [property, plainColour(style.getPropertyValue(property))]);
}

/** `color(srgb 0.2 0.4 1 / 0.5)`, which is how a mixed colour is computed, in the words that every program reads. */
function plainColour(value: string): string {
  const match = /^color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)$/.exec(value);
  if (match === null) return value;
  const [red, green, blue] = match.slice(1, 4).map((part) => Math.round(Number(part) * 255));
  return `rgba(${red}, ${green}, ${blue}, ${match[4] ?? 1})`;
}

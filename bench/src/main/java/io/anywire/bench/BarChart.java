package io.anywire.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Draws horizontal bars, each with a thin line from its lowest to its highest value, as SVG that is
 * read on light and dark backgrounds.
 */
final class BarChart {
  private static final int WIDTH = 760;
  private static final int LABELS = 190;
  private static final int BARS = 360;
  private static final int ROW = 26;
  private static final int TITLE = 40;

  private final StringBuilder body = new StringBuilder();
  private int height = 8;

  /**
   * One bar.
   *
   * @param label stands before it
   * @param value its length
   * @param low where its thin line begins
   * @param high where it ends
   * @param text stands behind it
   */
  record Bar(String label, double value, double low, double high, String text) {}

  /** Adds bars below those that are there, with a scale of their own from 0. */
  BarChart add(String title, List<Bar> bars) {
    text(0, height + 22, title, " font-weight=\"bold\"");
    height += TITLE;
    double most = bars.stream().mapToDouble(Bar::high).max().orElse(1);
    for (Bar bar : bars) {
      add(bar, BARS / most);
    }
    height += 12;
    return this;
  }

  /** Writes all that was added. */
  void write(Path file) throws IOException {
    String svg =
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" \
        font-family="sans-serif" font-size="13">
        <rect width="100%%" height="100%%" fill="#fff"/>
        %s</svg>
        """
            .formatted(WIDTH, height, body);
    Files.writeString(file, svg, UTF_8);
  }

  private void add(Bar bar, double scale) {
    text(8, height + 17, bar.label(), "");
    rectangle(LABELS, height + 4, bar.value() * scale, ROW - 8, "#4a7ebb");
    rectangle(
        LABELS + bar.low() * scale,
        height + ROW / 2 - 1,
        (bar.high() - bar.low()) * scale,
        2,
        "#222");
    text(
        LABELS + (int) (Math.max(bar.value(), bar.high()) * scale) + 8,
        height + 17,
        bar.text(),
        "");
    height += ROW;
  }

  private void rectangle(double x, double y, double width, double tall, String colour) {
    body.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
            x,
            y,
            width,
            tall,
            colour));
  }

  private void text(int x, int y, String text, String more) {
    String safe = text.replace("&", "&amp;").replace("<", "&lt;");
    body.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" fill=\"#222\"%s>%s</text>%n",
            Math.max(x, 8),
            y,
            more,
            safe));
  }
}

package io.anywire.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.bench.BarChart.Bar;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class BarChartTest {
  @TempDir private Path folder;

  @Test
  void draws_bars_to_one_scale() throws Exception {
    Path file = folder.resolve("chart.svg");
    new BarChart()
        .add("a < b & c", List.of(new Bar("half", 5, 4, 6, "5"), new Bar("all", 10, 10, 10, "10")))
        .write(file);

    Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    NodeList rectangles = svg.getElementsByTagName("rect");
    // The background, then a bar and its thin line each.
    assertThat(rectangles.getLength()).isEqualTo(5);
    assertThat(width(rectangles, 3)).isEqualTo(2 * width(rectangles, 1));
    assertThat(svg.getElementsByTagName("text").item(0).getTextContent()).isEqualTo("a < b & c");
  }

  private static double width(NodeList rectangles, int index) {
    return Double.parseDouble(
        rectangles.item(index).getAttributes().getNamedItem("width").getNodeValue());
  }
}

package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import kr.kisgateway.client.source.OldNames;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The table of old field names in docs/MARKET-DATA.md, against the contract and the SDK's own table. */
@Requirement(value = "P-04", clause = "names")
class OldFieldNamesTest {
    private static final List<String> OLD_NAMES = List.of(
            "stock_code stock_name current_price change_price change_rate open_price high_price low_price volume",
            "trading_value market_cap timestamp bid_levels ask_levels total_bid_volume total_ask_volume best_bid best_ask",
            "spread count date close_price market sector industry listed_shares face_value");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z_]+)` \\| (.+?) \\|.*");
    private static final Pattern NEW_NAME = Pattern.compile("`(\\w+)\\.(\\w+)`");

    @Test
    void every_old_name_is_in_the_table() throws IOException {
        var expected = new TreeSet<String>();
        OLD_NAMES.forEach(line -> expected.addAll(List.of(line.split(" "))));
        OldNames.load().names().forEach(name -> expected.add(name.oldName()));

        assertThat(table().keySet()).containsExactlyElementsOf(expected);
    }

    @Test
    void each_new_name_in_the_table_is_a_field_of_the_contract() throws IOException {
        var contract = contract();
        table().forEach((old, newName) -> {
            if (newName.equals("–")) {
                assertThat(old).as("the only one without a source").isEqualTo("sector");
                return;
            }
            var fields = NEW_NAME.matcher(newName);
            int found = 0;
            while (fields.find()) {
                found++;
                var schema = contract.path("components").path("schemas").path(fields.group(1));
                var properties =
                        schema.has("items") ? schema.path("items").path("properties") : schema.path("properties");
                assertThat(properties.has(fields.group(2)))
                        .as("%s of %s, for %s", fields.group(2), fields.group(1), old)
                        .isTrue();
            }
            assertThat(found).as(old).isPositive();
        });
    }

    private static Map<String, String> table() throws IOException {
        var page = Files.readString(Path.of("..", "docs", "MARKET-DATA.md"));
        var rows = new TreeMap<String, String>();
        var section = page.substring(page.indexOf("## Old field names\n") + 1);
        int next = section.indexOf("\n## ");
        (next < 0 ? section : section.substring(0, next)).lines().forEach(line -> {
            var row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(rows.put(row.group(1), row.group(2)))
                        .as(row.group(1))
                        .isNull();
            }
        });
        return rows;
    }

    private static JsonNode contract() throws IOException {
        try (var document = OldFieldNamesTest.class.getResourceAsStream("/openapi.yaml")) {
            return new YAMLMapper().readTree(document);
        }
    }
}

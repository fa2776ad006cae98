package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.gateway.KeyCommands.Result;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@Requirement("A-15")
class KeysCommandTest {
    private static final int BAD_REQUEST = 2;

    @TempDir
    Path folder;

    @Test
    void a_key_for_an_unknown_account_or_symbol_requires_an_explicit_flag() {
        var symbol = keys("create", "bot", "--symbols", "005930,ZZZZZZ");
        assertThat(symbol.code()).isEqualTo(BAD_REQUEST);
        assertThat(symbol.err()).contains("--symbols has \"ZZZZZZ\"", "./kis search");
        var account = keys("create", "bot", "--accounts", "A9");
        assertThat(account.code()).isEqualTo(BAD_REQUEST);
        assertThat(account.err()).contains("--accounts has \"A9\"", "A1");
        assertThat(keys("list").out()).doesNotContain("bot");

        assertThat(keys("create", "bot", "--symbols", "005930,AAPL.NASD", "--accounts", "A1")
                        .code())
                .isZero();
        assertThat(keys("create", "other", "--symbols", "ZZZZZZ", "--accounts", "A9", "--unlisted")
                        .code())
                .isZero();
        assertThat(keys("list").out()).containsPattern("other +quote +valid +A9 +ZZZZZZ +");
    }

    @Test
    void the_list_shows_the_limits_of_keys_and_contains_all_fields_as_json() {
        var many = "005930,000660,035420,035720,005380,000270,068270,051910,006400,207940,105560,055550";
        keys("create", "bot", "--symbols", many, "--accounts", "A1", "--networks", "10.0.0.0/8");

        var line = keys("list").out();
        assertThat(line).contains(" A1 ", "10.0.0.0/8", "005930", "and 2 more");
        var key = new JsonMapper()
                .readTree(keys("list", "--json").out())
                .path("keys")
                .path(0);
        assertThat(key.path("name").asString("")).isEqualTo("bot");
        assertThat(key.path("symbols")).hasSize(12);
        assertThat(key.path("accounts").path(0).asString("")).isEqualTo("A1");
        assertThat(key.path("networks").path(0).asString("")).isEqualTo("10.0.0.0/8");
        assertThat(key.has("key")).isFalse();
        keys("revoke", "bot");
        assertThat(new JsonMapper().readTree(keys("list", "--json").out()).path("keys"))
                .isEmpty();
        assertThat(new JsonMapper()
                        .readTree(keys("list", "--json", "--all").out())
                        .path("keys"))
                .hasSize(1);
    }

    @Test
    @Requirement(value = "A-14", clause = "rotate")
    void a_rotated_key_has_a_new_secret_under_the_same_id() {
        var first = keys("create", "bot");
        var rotated = keys("rotate", "bot");
        assertThat(rotated.code()).as(rotated.err()).isZero();
        assertThat(text(rotated)).startsWith("kgw_").isNotEqualTo(text(first));
        assertThat(id(rotated)).isEqualTo(id(first));
        assertThat(keys("list").out()).contains("bot").doesNotContain(text(first), text(rotated));
        assertThat(keys("rotate", "other").code()).isNotZero();
    }

    private static String text(Result made) {
        return made.out()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("kgw_"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(made.out()));
    }

    private static String id(Result made) {
        return text(made).split("_")[1];
    }

    @Test
    void a_folder_of_another_kind_is_refused_and_unchanged() throws IOException {
        for (var command : List.of(List.of("create", "bot"), List.of("list"), List.of("revoke", "bot"))) {
            var refused = KeyCommands.run(folder, command);
            assertThat(refused.code()).as(command.toString()).isOne();
            assertThat(refused.err()).contains("No gateway has its files in", "--data-dir", "--new-folder");
            assertThat(folder).as(command.toString()).isEmptyDirectory();
        }
        assertThat(keys("create", "first").code()).isZero();
        assertThat(KeyCommands.run(folder, List.of("create", "second")).code())
                .as("in a folder that has keys")
                .isZero();
    }

    /** As before the first start. */
    private Result keys(String... args) {
        var all = new ArrayList<>(List.of(args));
        if (args[0].equals("create")) {
            all.add("--new-folder");
        }
        return KeyCommands.run(folder, all);
    }
}

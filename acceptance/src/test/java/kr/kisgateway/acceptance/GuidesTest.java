package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.Distribution.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the commands ({@code sh}) and programs ({@code python}, {@code java}, {@code js}) of the guides as a user of the distribution
 * would, in a folder with a gateway that runs. Blocks marked {@code console} need a real account, root or another program.
 */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class GuidesTest {
    private static final Path GUIDES = Launch.projectHome().resolve("docs/guides");
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```");

    private Path folder;
    private Path place;
    private Process gateway;

    private record Block(String language, String text) {}

    @BeforeAll
    void begin(@TempDir Path temporary) throws Exception {
        ThirdParty.NODE.require();
        ThirdParty.PYTHON.require();
        folder = temporary;
        var made = Distribution.made();
        var tools = Distribution.toolsIn(folder);
        var installed = Distribution.install(made.files(), tools, folder.resolve("home"));
        assertThat(installed.code()).as(installed.output()).isZero();
        var kis = folder.resolve("home/.local/bin/kis").toRealPath();
        place = kis.getParent();
        Files.createSymbolicLink(folder.resolve("kis"), kis);
        var client = Files.createDirectories(folder.resolve("node_modules/kis-gateway-client"));
        ThirdParty.NODE.compile(Launch.projectHome().resolve("clients/typescript"), client, LIMIT);
        Files.writeString(client.resolve("package.json"), "{\"type\":\"module\",\"exports\":\"./index.js\"}");
        var log = folder.resolve("gateway.log");
        gateway = Distribution.start(folder, variables(), log, kis.toString(), "run");
        Eventually.await("the gateway", LIMIT, () -> command("./kis health --ready --quiet"), done -> done.code() == 0);
    }

    @AfterAll
    void end() throws InterruptedException {
        if (gateway != null) {
            gateway.destroy();
            assertThat(gateway.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private Map<String, String> variables() {
        return new HashMap<>(Map.of(
                "PATH",
                "/usr/local/bin:/usr/bin:/bin",
                "HOME",
                folder.resolve("home").toString(),
                "GATEWAY_PORT",
                "0",
                "SIMULATOR_PORT",
                "0",
                "KIS_FACE_PORT",
                "0",
                "SIMULATOR_CLOCK",
                "open-fixed"));
    }

    /** Commands find the gateway of the folder; port 0 is for the gateway alone. */
    private Map<String, String> userVariables() {
        var variables = variables();
        variables.remove("GATEWAY_PORT");
        variables.put("PYTHONPATH", place.resolve("clients/python/src").toString());
        return variables;
    }

    private Distribution.Run command(String text) {
        try {
            return run(folder, LIMIT, userVariables(), "bash", "-euo", "pipefail", "-c", text);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<Block> blocks(Path page) throws IOException {
        var blocks = new ArrayList<Block>();
        var matcher = BLOCK.matcher(Files.readString(page));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    private static Stream<Path> guides() throws IOException {
        try (var pages = Files.list(GUIDES)) {
            return pages.filter(page -> page.toString().endsWith(".md")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("guides")
    void each_command_and_program_of_a_guide_does_what_it_says(Path page) throws Exception {
        var url = Files.readString(folder.resolve("data/sim/api.address")).split(" ")[0];
        for (var block : blocks(page)) {
            var variables = userVariables();
            variables.put("GATEWAY_URL", url);
            var done = switch (block.language()) {
                case "sh" -> command(block.text());
                case "python" -> run(folder, LIMIT, variables, "/usr/bin/python3", file("guide.py", block));
                case "js" -> run(folder, LIMIT, variables, "node", file("guide.mjs", block));
                case "java" ->
                    run(
                            folder,
                            LIMIT,
                            variables,
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "-cp",
                            place + "/lib/*",
                            file("Guide.java", block));
                default -> new Distribution.Run(0, "");
            };
            assertThat(done.code()).as("%s\n%s", block.text(), done.output()).isZero();
        }
    }

    private String file(String name, Block block) throws IOException {
        return Files.writeString(folder.resolve(name), block.text()).toString();
    }

    @ParameterizedTest
    @MethodSource("guides")
    void the_korean_guide_has_the_same_blocks(Path page) throws Exception {
        var korean = GUIDES.resolveSibling("ko/guides").resolve(page.getFileName());
        assertThat(korean).exists();
        assertThat(blocks(korean)).isEqualTo(blocks(page));
    }
}

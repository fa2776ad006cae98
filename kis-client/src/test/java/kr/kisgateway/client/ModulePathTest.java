package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program with its own module-info, in its own process, with the modules' descriptors only. */
@Tag("slow")
class ModulePathTest {
    private static final Pattern NEEDED = Pattern.compile(
            ".*/(market|kis-wire|kis-client)(/target/classes|-[^/]*\\.jar)"
                    + "|.*/(jackson-(core|databind|annotations)|httpclient5|httpcore5|slf4j-api|resilience4j|tink|gson|protobuf-java|jspecify|error_prone|jsr305)[^/]*\\.jar");

    private static final String QUOTE = """
            package quote;

            import java.nio.file.Path;
            import java.util.Map;
            import kr.kisgateway.client.*;
            import kr.kisgateway.market.Symbol;

            public class Quote {
                public static void main(String[] args) {
                    Map<String, String> settings = args.length > 0
                            ? Map.of("KIS_ENV", "sim", "SIMULATOR_URL", args[0], "KIS_TOKEN_KEY", "0123456789abcdef")
                            : Map.of();
                    try (KisClient kis = Kis.connect(settings, Path.of("").toAbsolutePath(), new KisListener() {})) {
                        System.out.println(kis.domestic().price(new Symbol("005930")) instanceof KisReply.Ok<?>);
                    } catch (KisException why) {
                        System.out.println(why.getMessage());
                    }
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void a_modular_program_receives_a_price() throws Exception {
        Path program = compiled();
        try (KisSimulator simulator = KisSimulator.start(
                SimulatorConfig.defaults(folder.resolve("sim.db")).withSynchronous("OFF"))) {
            assertThat(run(program, List.of(), simulator.restBase().toString()))
                    .last()
                    .isEqualTo("true");
        }
    }

    @Test
    void a_modular_program_without_credentials_and_simulator_fails_with_credentials_missing() throws Exception {
        assertThat(run(compiled(), List.of())).last().asString().startsWith("CREDENTIALS_MISSING");
    }

    @Test
    void a_modular_program_without_credentials_uses_the_simulator_on_the_class_path() throws Exception {
        List<String> beside = Arrays.stream(classPath())
                .filter(NEEDED.asMatchPredicate().negate())
                .toList();
        assertThat(run(compiled(), List.of("--add-modules", "ALL-DEFAULT", "-cp", String.join(":", beside))))
                .last()
                .isEqualTo("true");
    }

    private Path compiled() throws IOException {
        Path source = Files.createDirectories(folder.resolve("src").resolve("quote"));
        Path module = Files.writeString(
                folder.resolve("src").resolve("module-info.java"), "module quote { requires kr.kisgateway.client; }");
        Path main = Files.writeString(source.resolve("Quote.java"), QUOTE);
        Path classes = folder.resolve("classes");
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--module-path",
                        modulePath(),
                        "-d",
                        classes.toString(),
                        module.toString(),
                        main.toString());
        assertThat(result).isZero();
        return classes;
    }

    private List<String> run(Path program, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--module-path", modulePath() + ":" + program));
        command.addAll(options);
        command.addAll(List.of("--module", "quote/quote.Quote"));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output.txt");
        Path errors = folder.resolve("errors.txt");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(KIS|GATEWAY|SIMULATOR|JAVA_TOOL)_.*"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(Files.readAllLines(output)).as(Files.readString(errors)).isNotEmpty();
            return Files.readAllLines(output);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String modulePath() {
        return Arrays.stream(classPath()).filter(NEEDED.asMatchPredicate()).collect(Collectors.joining(":"));
    }

    private static String[] classPath() {
        return System.getProperty("java.class.path").split(":");
    }
}

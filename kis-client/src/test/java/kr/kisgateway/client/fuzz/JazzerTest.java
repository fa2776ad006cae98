package kr.kisgateway.client.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kr.kisgateway.client.master.MasterTableFuzzer;
import kr.kisgateway.client.ws.SocketFuzzer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The parsers under a coverage-guided fuzzer, each in its own process. */
class JazzerTest {
    private static final Map<Class<?>, List<String>> SEEDS = Map.of(
            FrameFuzzer.class,
            List.of(
                    "0|H0STCNT0|001|" + "005930^093000^71500^2^500^0.70^".repeat(8),
                    "0|H0STASP0|001|" + "005930^093000^0^71600^71700^".repeat(12),
                    "1|H0STCNI0|001|bm90IGEgbm90aWNl",
                    "0|H0STMKO0|001|005930^N^^112^^^^^N^N^1",
                    "{\"header\":{\"tr_id\":\"PINGPONG\",\"datetime\":\"20261120093000\"}}",
                    "{\"header\":{\"tr_id\":\"H0STCNT0\",\"tr_key\":\"005930\",\"encrypt\":\"N\"},"
                            + "\"body\":{\"rt_cd\":\"0\",\"msg_cd\":\"OPSP0000\",\"msg1\":\"SUBSCRIBE SUCCESS\"}}"),
            AnswerFuzzer.class,
            List.of(
                    "0{\"rt_cd\":\"0\",\"msg_cd\":\"APBK0013\",\"msg1\":\"ok\",\"output\":"
                            + "{\"KRX_FWDG_ORD_ORGNO\":\"01790\",\"ODNO\":\"0000000042\",\"ORD_TMD\":\"093000\"}}",
                    "0{\"rt_cd\":\"0\",\"output\":{\"ODNO\":\"Y\"}}",
                    "0{\"rt_cd\":\"0\",\"output\":{\"stck_prpr\":\"71500\",\"prdy_ctrt\":\"-1.25\"}}",
                    "0{\"rt_cd\":\"0\",\"output1\":[{\"odno\":\"1\",\"pdno\":\"005930\",\"ord_qty\":\"1\"}],\"output2\":[{}]}",
                    "1{\"error_code\":\"EGW00133\",\"error_description\":\"wait\"}"),
            SocketFuzzer.class,
            List.of("\u0001\u0002ab\u0000\u0001c", "\t\u0003abc", "\u0002\u0004abcd"),
            MasterTableFuzzer.class,
            List.of("0005930   KR7005930003" + " ".repeat(280) + "\n", "5line\twith\ttabs\n"));

    /** A shorter run is mostly the start, which the optimizing compiler makes longer. */
    private static final int SECONDS_WITH_OPTIMIZER = 60;

    @TempDir
    Path folder;

    static Stream<Class<?>> fuzzers() {
        return SEEDS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("fuzzers")
    void nothing_breaks_a_parser_within_a_few_seconds(Class<?> fuzzer) throws Exception {
        fuzz(fuzzer, 1);
    }

    @ParameterizedTest
    @MethodSource("fuzzers")
    @Tag("long")
    void nothing_breaks_a_parser_within_five_minutes(Class<?> fuzzer) throws Exception {
        fuzz(fuzzer, 300);
    }

    private void fuzz(Class<?> fuzzer, int seconds) throws IOException, InterruptedException {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        List<String> seeds = SEEDS.getOrDefault(fuzzer, List.of());
        for (int i = 0; i < seeds.size(); i++) {
            Files.writeString(corpus.resolve("seed-" + i), seeds.get(i), StandardCharsets.UTF_8);
        }
        Path log = folder.resolve("log");
        Process jazzer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=" + (seconds < SECONDS_WITH_OPTIMIZER ? 1 : 4),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + fuzzer.getName(),
                        "--instrumentation_includes=kr.kisgateway.**",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + "/",
                        "-max_total_time=" + seconds,
                        "-rss_limit_mb=0",
                        corpus.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(jazzer.waitFor(seconds + 120L, TimeUnit.SECONDS)).isTrue();
            String output = Files.readString(log, StandardCharsets.ISO_8859_1);
            assertThat(jazzer.exitValue()).as(output).isZero();
            assertThat(output).as("it ran").contains("INITED", "DONE");
        } finally {
            jazzer.destroyForcibly();
        }
    }
}

package kr.kisgateway.gateway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import kr.kisgateway.gateway.aegis.TrParametersFuzzer;
import kr.kisgateway.gateway.backup.BackupManifestFuzzer;
import kr.kisgateway.gateway.backup.BackupReaderFuzzer;
import kr.kisgateway.gateway.chat.BotUpdatesFuzzer;
import kr.kisgateway.gateway.face.FaceAnswerFuzzer;
import kr.kisgateway.gateway.face.FaceQueryFuzzer;
import kr.kisgateway.gateway.face.FaceRequestFuzzer;
import kr.kisgateway.gateway.face.FaceSocketFuzzer;
import kr.kisgateway.gateway.face.FaceTokensFuzzer;
import kr.kisgateway.gateway.fanout.FeedLineFuzzer;
import kr.kisgateway.gateway.http.RequestBodyFuzzer;
import kr.kisgateway.gateway.notification.AlertRulesFuzzer;
import kr.kisgateway.gateway.order.OrderRequestFuzzer;
import kr.kisgateway.gateway.parent.ParentChangeFuzzer;
import kr.kisgateway.gateway.parent.PlanFuzzer;
import kr.kisgateway.gateway.redis.SharedValueFuzzer;
import kr.kisgateway.gateway.stream.StreamMessageFuzzer;
import kr.kisgateway.gateway.webhook.WebhookFuzzer;
import kr.kisgateway.programs.FuzzTarget;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The parsers of what callers, peers and files send, under a coverage-guided fuzzer, each in its own process. */
class JazzerTest {
    static List<Class<?>> fuzzers() {
        return List.of(
                RequestBodyFuzzer.class,
                OrderRequestFuzzer.class,
                PlanFuzzer.class,
                ParentChangeFuzzer.class,
                StreamMessageFuzzer.class,
                FaceRequestFuzzer.class,
                FaceQueryFuzzer.class,
                FaceSocketFuzzer.class,
                FaceTokensFuzzer.class,
                FaceAnswerFuzzer.class,
                TrParametersFuzzer.class,
                WebhookFuzzer.class,
                RiskLimitsFuzzer.class,
                JournalEventFuzzer.class,
                AlertRulesFuzzer.class,
                BotUpdatesFuzzer.class,
                BackupManifestFuzzer.class,
                BackupReaderFuzzer.class,
                SharedValueFuzzer.class,
                FeedLineFuzzer.class,
                ShortTextFuzzer.class);
    }

    @ParameterizedTest
    @MethodSource("fuzzers")
    void no_committed_input_breaks_a_parser(Class<?> fuzzer) {
        assertThat(FuzzTarget.of(fuzzer).replay()).isNotEmpty();
    }

    @TestFactory
    @Tag("long")
    Stream<DynamicTest> nothing_breaks_a_parser_within_five_minutes() {
        return FuzzTarget.fuzzAll(fuzzers()).entrySet().stream()
                .map(target -> dynamicTest(target.getKey().getSimpleName(), () -> {
                    var coverage = target.getValue().call();
                    System.out.println(target.getKey().getSimpleName() + ": " + coverage);
                    assertThat(coverage.edges()).isPositive();
                }));
    }
}

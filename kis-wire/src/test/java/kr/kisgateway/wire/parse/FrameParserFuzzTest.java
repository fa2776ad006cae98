package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kr.kisgateway.wire.Golden;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FrameParserFuzzTest {
    private static final List<String> GOOD = List.of(
            Golden.text("trade-46.txt"),
            Golden.text("trade-47.txt"),
            Golden.text("trade-47-three-records.txt"),
            Golden.text("book-59.txt"),
            Golden.text("book-60-two-records.txt"),
            Golden.text("book-62.txt"),
            Golden.text("notice-26-fill-encrypted.txt"),
            "0|H0STCNI0|001|" + Golden.text("notice-23-fill.txt"),
            "0|H0STCNI9|001|" + Golden.text("notice-26-receipt.txt"),
            Golden.text("halt-h0stmko0.txt"));

    @Property(tries = 2000)
    void any_text_is_parsed_completely_or_is_bad_and_never_throws(@ForAll String text) {
        assertCompleteOrBad(RecordedFrames.from(text));
    }

    @Property(tries = 2000)
    void any_payload_after_a_good_header_is_parsed_completely_or_is_bad(
            @ForAll("headers") String header, @ForAll("payloads") String payload) {
        assertCompleteOrBad(RecordedFrames.from(header + payload));
    }

    @Property(tries = 4000)
    void a_truncated_or_garbled_frame_is_parsed_completely_or_is_bad(@ForAll("garbled") String frame) {
        assertCompleteOrBad(RecordedFrames.from(frame));
    }

    @Property(tries = 500)
    void garbage_does_not_harm_the_frames_after_it(@ForAll("garbled") String frame) {
        RecordedFrames alone = RecordedFrames.from(frame);
        RecordedFrames both = RecordedFrames.from(frame, Golden.text("trade-47.txt"), Golden.text("book-60.txt"));

        assertThat(both.good()).isEqualTo(alone.good() + 2);
        assertThat(both.bad).hasSameSizeAs(alone.bad);
    }

    @Property(tries = 2000)
    void any_text_is_some_control_message(@ForAll("controls") String text) {
        assertThat(ControlMessage.parse(text)).isNotNull();
        assertThat(SubscribeRequest.parse(text)).isNotNull();
    }

    @Property(tries = 2000)
    void any_answer_to_an_order_gets_a_verdict(@ForAll int httpStatus, @ForAll("answers") String body) {
        assertThat(OrderVerdict.evaluate(httpStatus, body)).isNotNull();
    }

    private static void assertCompleteOrBad(RecordedFrames recorded) {
        if (recorded.good() == 0) {
            assertThat(recorded.bad).hasSize(1);
        } else {
            assertThat(recorded.bad).isEmpty();
        }
    }

    @Provide
    Arbitrary<String> headers() {
        return Combinators.combine(
                        Arbitraries.of("0", "1"),
                        Arbitraries.of("H0STCNT0", "H0STASP0", "H0STCNI0", "K0STCNI9", "H0STMKO0", "NOSUCHTR"),
                        Arbitraries.integers().between(0, 1100))
                .as((enc, trId, count) -> enc + "|" + trId + "|%03d|".formatted(count));
    }

    @Provide
    Arbitrary<String> payloads() {
        return Arbitraries.strings()
                .withChars("^^^^0123456789-+. |ABQ=가\u0000\uD800")
                .ofMaxLength(600);
    }

    @Provide
    Arbitrary<String> garbled() {
        return garbled(Arbitraries.of(GOOD));
    }

    @Provide
    Arbitrary<String> controls() {
        return Arbitraries.oneOf(
                Arbitraries.strings(),
                garbled(Arbitraries.of(
                        Golden.text("ack.json"),
                        Golden.text("ack-session-error.json"),
                        Golden.text("pingpong.json"),
                        Golden.text("subscribe.json"))));
    }

    @Provide
    Arbitrary<String> answers() {
        return Arbitraries.oneOf(
                Arbitraries.strings(),
                garbled(Arbitraries.of(
                        Golden.text("order-accepted.json"),
                        Golden.text("igw00009.json"),
                        Golden.text("rate-limited.json"),
                        Golden.text("token-refused.json"))));
    }

    /** One to three accidents: the end cut off, a bit flipped, a piece lost or doubled. */
    private static Arbitrary<String> garbled(Arbitrary<String> good) {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, 10_000);
        Arbitrary<Integer> kind = Arbitraries.integers().between(0, 3);
        Arbitrary<List<int[]>> accidents = Combinators.combine(kind, place, place)
                .as((what, at, extent) -> new int[] {what, at, extent})
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
        return Combinators.combine(good, accidents).as((text, each) -> {
            String garbled = text;
            for (int[] accident : each) {
                garbled = accident(garbled, accident[0], accident[1], accident[2]);
            }
            return garbled;
        });
    }

    private static String accident(String text, int what, int place, int extent) {
        if (text.isEmpty()) {
            return text;
        }
        int at = place % text.length();
        int to = at + extent % (text.length() - at);
        return switch (what) {
            case 0 -> text.substring(0, at);
            case 1 -> text.substring(0, at) + (char) (text.charAt(at) ^ (1 << extent % 8)) + text.substring(at + 1);
            case 2 -> text.substring(0, at) + text.substring(to);
            default -> text.substring(0, to) + text.substring(at);
        };
    }
}

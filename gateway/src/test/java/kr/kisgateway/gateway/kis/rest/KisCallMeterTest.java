package kr.kisgateway.gateway.kis.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import kr.kisgateway.client.CallListener.Result;
import kr.kisgateway.client.EndedCall;
import kr.kisgateway.gateway.meter.Meters;
import org.junit.jupiter.api.Test;

class KisCallMeterTest {
    private static final Path SDK = Path.of("..", "kis-client", "src", "main", "java", "kr", "kisgateway", "client");
    private static final Pattern LIVE_TR = Pattern.compile("\"([CFHT][A-Z]{3,4}\\d{3,8}[RU]?)\"");

    private final Meters meters = Meters.inMemory();

    @Test
    void every_tr_that_the_sdk_calls_by_a_method_of_its_own_has_its_meters() throws IOException {
        var called = new TreeSet<String>();
        for (var file : List.of(
                "DomesticCalls.java", "OverseasCalls.java", "rest/RestCalls.java", "overseas/OverseasRequests.java")) {
            LIVE_TR.matcher(Files.readString(SDK.resolve(file)))
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .forEach(called::add);
        }
        assertThat(called).hasSizeGreaterThan(40);
        assertThat(KisCallMeter.TR_IDS).containsAll(called).doesNotHaveDuplicates();
    }

    @Test
    void a_call_is_counted_under_its_tr_and_result_and_an_unknown_tr_with_the_others() {
        var meter = new KisCallMeter(meters, false);
        meter.ended(call("TTTC0012U", Result.OK));
        meter.ended(call("TTTC0012U", Result.REFUSED));
        meter.ended(call("/oauth2/tokenP", Result.FAILED));
        meter.ended(call("NAMEDBYACALLER", Result.OK));
        assertThat(count("TTTC0012U", "ok")).isEqualTo(1);
        assertThat(count("TTTC0012U", "refused")).isEqualTo(1);
        assertThat(count("token", "failed")).isEqualTo(1);
        assertThat(count("other", "ok")).isEqualTo(1);
        assertThat(meters.tagValues("kis.results", "tr")).doesNotContain("NAMEDBYACALLER");
    }

    @Test
    void calls_of_paper_trading_are_counted_under_the_live_id() {
        var meter = new KisCallMeter(meters, true);
        meter.ended(call("VTTC0012U", Result.OK));
        meter.ended(call("VTTC8434R", Result.OK));
        assertThat(count("TTTC0012U", "ok")).isEqualTo(1);
        assertThat(count("TTTC8434R", "ok")).isEqualTo(1);
        assertThat(count("other", "ok")).isZero();
    }

    private static EndedCall call(String trId, Result result) {
        return new EndedCall(
                trId,
                "GET",
                "/path",
                Optional.empty(),
                result,
                OptionalInt.empty(),
                "",
                "",
                "",
                Optional.empty(),
                5_000_000);
    }

    private long count(String tr, String result) {
        return meters.value("kis.results", "tr", tr, "result", result);
    }
}

package kr.kisgateway.gateway.face;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import kr.kisgateway.gateway.face.AccountMask.Masked;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Any answer of KIS is passed on as JSON of the same form with the same numbers, or not at all. Frames are records, or none. */
public final class FaceAnswerFuzzer {
    private static final Masked OWN = new Masked("1234567801", "login");
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final AccountMask MASK = new AccountMask(
            new KisUpstream.Identity("87654321", "01", Optional.of("holder")),
            new PageKeys(text -> "0123456789abcdefghij" + text.length()));

    private FaceAnswerFuzzer() {}

    /** Called by Jazzer; what begins as a frame is one. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        if (text.startsWith("0|")) {
            for (var row : FrameRecords.read(text).records()) {
                row.first(3);
                PushedTrade.read(row.text());
            }
            return;
        }
        MASK.fromKis(text, OWN, "key").ifPresent(body -> {
            JsonNode before;
            try {
                before = EXACT.readTree(text);
            } catch (NumberFormatException e) {
                return; // a number that no decimal can be is passed on as it is written
            }
            requireSameForm(before, EXACT.readTree(body));
        });
    }

    private static void requireSameForm(JsonNode before, JsonNode after) {
        boolean isSame = before.getNodeType() == after.getNodeType()
                && before.size() == after.size()
                && (!before.isNumber() || before.decimalValue().compareTo(after.decimalValue()) == 0);
        if (!isSame) {
            throw new IllegalStateException(before + " became " + after);
        }
        before.properties().forEach(member -> requireSameForm(member.getValue(), after.path(member.getKey())));
        for (int i = 0; before.isArray() && i < before.size(); i++) {
            requireSameForm(before.get(i), after.get(i));
        }
    }
}

package kr.kisgateway.client.fuzz;

import java.nio.charset.StandardCharsets;
import kr.kisgateway.wire.parse.BalanceAnswer;
import kr.kisgateway.wire.parse.DailyOrderRow;
import kr.kisgateway.wire.parse.OrderVerdict;
import kr.kisgateway.wire.parse.PriceAnswer;
import kr.kisgateway.wire.parse.RestReply;

/** Any answer of a REST call is read into values or names the wrong field; reading never throws. */
public final class AnswerFuzzer {
    private AnswerFuzzer() {}

    /** Called by Jazzer; the first byte chooses the HTTP status. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int status = input[0] % 2 == 0 ? 200 : 500;
        String body = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
        RestReply reply = RestReply.parse(status, body);
        PriceAnswer.parse(reply);
        BalanceAnswer.parse(reply);
        DailyOrderRow.parseAll(reply);
        reply.findAnywhere("ctx_area_nk100");
        var verdict = OrderVerdict.evaluate(reply);
        if (verdict instanceof OrderVerdict.Accepted(String _, long odno, String _) && (status != 200 || odno <= 0)) {
            throw new IllegalStateException("accepted without proof");
        }
    }
}

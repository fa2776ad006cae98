package kr.kisgateway.client.krx;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import kr.kisgateway.market.Board;

/** Any answer of the exchange's Open API is rows or a failure with a cause. */
public final class KrxAnswerFuzzer {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    private KrxAnswerFuzzer() {}

    /** Called by Jazzer; the first byte chooses the service. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] body = Arrays.copyOfRange(input, 1, input.length);
        KrxReply<? extends List<?>> reply = switch (input[0] & 3) {
            case 0 -> KrxClient.read(KrxService.STK_BYDD_TRD, body, row -> DailyFigures.stock(row, DAY, Board.KOSPI));
            case 1 -> KrxClient.read(KrxService.ETF_BYDD_TRD, body, row -> EtfDaily.of(row, DAY));
            case 2 -> KrxClient.read(KrxService.KOSPI_DD_TRD, body, row -> IndexDaily.of(row, DAY));
            default -> KrxClient.read(KrxService.STK_ISU_BASE_INFO, body, row -> BaseInfo.of(row, DAY, Board.KOSPI));
        };
        if (reply instanceof KrxReply.Failed<?>(KrxFailure failure)
                && failure.cause().isBlank()) {
            throw new IllegalStateException("a failure without a cause");
        }
    }
}

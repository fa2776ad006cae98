package kr.kisgateway.gateway.face;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.gateway.face.AccountMask.Masked;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.CreditCodes;
import kr.kisgateway.wire.RestCall;

/** Any body of a program written for KIS is fields under the catalog's names, each of which is a value or none. */
public final class FaceRequestFuzzer {
    private static final Masked OWN = new Masked("1234567801", "login");
    private static final List<RestCall> CALLS = Stream.of(
                    "domestic_stock_order_cash",
                    "domestic_stock_order_rvsecncl",
                    "overseas_stock_order",
                    "overseas_stock_daytime_order_rvsecncl",
                    "overseas_stock_order_resv",
                    "domestic_stock_inquire_price")
            .flatMap(id -> Catalog.load().restById(id).stream())
            .toList();

    private FaceRequestFuzzer() {}

    /** Called by Jazzer; the first byte chooses the call and its TR id. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        RestCall call = CALLS.get((input[0] & 0x7f) % CALLS.size());
        String trId = input[0] < 0 ? "TTTT1006U" : "TTTT1002U";
        FaceCalls.body(new String(input, 1, input.length - 1, StandardCharsets.UTF_8))
                .flatMap(fields -> ParameterNames.ofCatalog(call, fields))
                .ifPresent(fields -> read(call, trId, fields));
    }

    /** Fields that have the catalog's names have no others. */
    static void requireCatalogNames(RestCall call, Map<String, String> fields) {
        if (!ParameterNames.ofCatalog(call, fields).equals(Optional.of(fields))) {
            throw new IllegalStateException("the catalog's names have other ones: " + fields);
        }
    }

    private static void read(RestCall call, String trId, Map<String, String> fields) {
        requireCatalogNames(call, fields);
        AccountMask.isOwnAccount(call, fields, OWN);
        FaceOrders.number(fields, "ORD_QTY");
        FaceOrders.number(fields, "ORD_UNPR");
        FaceOrders.number(fields, "ORGN_ODNO");
        FaceReservations.date(FaceOrders.text(fields, "RSVN_ORD_END_DT"));
        CreditCodes.type(FaceOrders.text(fields, "CRDT_TYPE"));
        CreditCodes.date(FaceOrders.text(fields, "LOAN_DT"));
        for (UsOrderFields us :
                List.of(new UsOrderFields(call, trId, fields), UsOrderFields.ofReservation(call, trId, fields))) {
            us.isUs();
            us.symbol();
            us.kind();
            us.isCancel();
            us.isOrdinary();
            if (us.qty().orElse(0) < 0 || us.price().orElse(0) < 0) {
                throw new IllegalStateException("below zero: " + fields);
            }
        }
    }
}

package kr.kisgateway.client.session;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.RealtimeTr;

/**
 * Any realtime TR of the catalog: selects the id of this environment, and finds what KIS would surely refuse before a slot
 * is spent on it. A wrong HTS id is worse than refused: KIS closes the entire socket for it.
 */
public final class CatalogRegistrations {
    /** The outcome of preparing a registration. */
    public sealed interface Prepared {
        /** It may be sent, under the TR id of this environment. */
        record Ready(RealtimeKey key) implements Prepared {}

        /** It would be refused, so it is not sent. */
        record Refused(KisFailure failure) implements Prepared {}
    }

    private static final Pattern ANY_KEY =
            Pattern.compile("[!-~&&[^\\^|\"\\\\]]([ -~&&[^\\^|\"\\\\]]{0,30}[!-~&&[^\\^|\"\\\\]])?");
    private static final Pattern STOCK = Pattern.compile("[0-9A-Z]{6}|Q[0-9]{6}");
    private static final Pattern OVERSEAS = Pattern.compile("[DR][A-Z]{3}[0-9A-Z./-]{1,12}");
    private static final Pattern INDEX = Pattern.compile("[0-9]{4}");

    private static final Set<String> TYPED = Set.of("H0STCNT0", "H0STASP0");

    private final Catalog catalog;
    private final Environment environment;
    private final Optional<String> htsId;
    private final boolean unlistedInPaper;

    /**
     * @param htsId the customer's; notices of any other are refused
     * @param unlistedInPaper whether TRs without a known paper id are sent to paper, too; that KIS refuses them all is
     *     not proven
     */
    public CatalogRegistrations(
            Catalog catalog, Environment environment, Optional<String> htsId, boolean unlistedInPaper) {
        this.catalog = catalog;
        this.environment = environment;
        this.htsId = htsId;
        this.unlistedInPaper = unlistedInPaper;
    }

    /** Prepares one registration; the id of the other environment is replaced by this one's. */
    public Prepared prepare(RealtimeKey requested) {
        if (TYPED.contains(requested.trId()) && STOCK.matcher(requested.trKey()).matches()) {
            // Served in both environments; a gateway's start need not read the catalog.
            return new Prepared.Ready(requested);
        }
        Optional<RealtimeTr> found = catalog.realtime(requested.trId());
        if (found.isEmpty()) {
            return refused(
                    KisFailure.Kind.INVALID_REQUEST,
                    "no realtime TR is named " + quoted(requested.trId()),
                    "name a realtime TR of the catalog such as H0STCNT0");
        }
        RealtimeTr tr = found.get();
        if (environment == Environment.PAPER_FACE && tr.paperTrId().isEmpty() && !unlistedInPaper) {
            return refused(
                    KisFailure.Kind.UNSUPPORTED,
                    "paper (모의투자) does not serve " + tr.nameKo() + " (" + tr.trId() + ")",
                    tr.paperRemark().orElse("register it with a live app key"));
        }
        Optional<String> form = keyRemedy(tr, requested.trKey());
        if (form.isPresent()) {
            return refused(
                    KisFailure.Kind.INVALID_REQUEST,
                    "tr_key of " + tr.trId() + " cannot be " + (tr.isNotice() ? "this" : quoted(requested.trKey())),
                    form.get());
        }
        String trId = environment == Environment.PAPER_FACE ? tr.paperTrId().orElse(tr.trId()) : tr.trId();
        return new Prepared.Ready(new RealtimeKey(trId, requested.trKey()));
    }

    /** The correct form of the key, when it has another. */
    private Optional<String> keyRemedy(RealtimeTr tr, String key) {
        if (tr.isNotice()) {
            boolean isOwnId = htsId.isEmpty() || htsId.get().equals(key);
            return isOwnId && ANY_KEY.matcher(key).matches()
                    ? Optional.empty()
                    : Optional.of("give the customer's HTS id as the credentials have it; capitals matter");
        }
        if (tr.keyKind().startsWith("stock short code")) {
            return remedyUnless(STOCK, key, "give the short code of a listed product, such as 005930 or Q500001");
        }
        if (tr.category().equals("overseas_stock")) {
            return remedyUnless(OVERSEAS, key, "give D or R, the exchange and the symbol, such as DNASAAPL");
        }
        if (tr.keyKind().startsWith("sector/index code")) {
            return remedyUnless(INDEX, key, "give four digits, such as 0001 for KOSPI");
        }
        return remedyUnless(ANY_KEY, key, "give " + tr.keyKind());
    }

    private static Optional<String> remedyUnless(Pattern form, String key, String remedy) {
        return form.matcher(key).matches() ? Optional.empty() : Optional.of(remedy);
    }

    private static Prepared refused(KisFailure.Kind kind, String message, String remedy) {
        return new Prepared.Refused(KisFailure.of(kind, message, remedy, false));
    }

    private static String quoted(String text) {
        return '"' + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + '"';
    }
}

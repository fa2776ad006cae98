package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.Json;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.wire.RestCall;

/**
 * Answers the calls of an authenticated caller. All pass the same checks in this order: the form of the body, the account, the
 * hashkey, the parameters, the rate limit of the account. Then the market and the ledger, the US market or the catalog answers.
 */
final class CallAnswers {
    private final BrokerRules rules;
    private final Faults faults;
    private final Identities identities;
    private final ConformanceMonitor conformance;
    private final DomesticBroker domestic;
    private final UsBroker usBroker;
    private final TradingCalls tradingCalls;
    private final CatalogCallHandler catalogCalls;
    private final Map<AccountId, RateWindow> ledgerCalls = new HashMap<>();

    CallAnswers(
            BrokerRules rules,
            Faults faults,
            Identities identities,
            ConformanceMonitor conformance,
            DomesticBroker domestic,
            UsBroker usBroker,
            TradingCalls tradingCalls,
            CatalogCallHandler catalogCalls) {
        this.rules = rules;
        this.faults = faults;
        this.identities = identities;
        this.conformance = conformance;
        this.domestic = domestic;
        this.usBroker = usBroker;
        this.tradingCalls = tradingCalls;
        this.catalogCalls = catalogCalls;
    }

    /** @param api the catalog's call; empty when the market and the ledger answer it themselves */
    HttpAnswer answer(Input.Rest call, Identities.AppKey key, Optional<RestCall> api, Instant now, StepOutput out) {
        boolean query = call.method().equals("GET");
        boolean price = api.isEmpty() && call.path().equals(CallRouter.PRICE);
        if (price) {
            return tradingCalls.price(CatalogRequest.upperCaseNames(call.query()), now);
        }
        if (!query && !(call.body() instanceof Input.Body.Fields)) {
            return malformedBody();
        }
        Map<String, String> in =
                query ? CatalogRequest.upperCaseNames(call.query()) : ((Input.Body.Fields) call.body()).values();
        boolean needsAccount = api.isEmpty()
                || api.get().params().stream().anyMatch(param -> param.name().equals("CANO"));
        Optional<AccountId> id = needsAccount ? account(in).filter(a -> identities.owns(key, a)) : Optional.empty();
        if (needsAccount && id.isEmpty()) {
            return AnswerBodies.error(200, "OPSQ2000", "ERROR : INPUT INVALID_CHECK_ACNO");
        }
        if (hasWrongHash(call)) {
            return AnswerBodies.error(500, "EGW00131", "유효하지 않은 hashkey입니다.");
        }
        Optional<CatalogRequest> request =
                api.map(of -> new CatalogRequest(of, call.trId(), in, !call.isFirstPage()).withDefaults());
        Optional<HttpAnswer> wrong =
                request.isPresent() ? catalogCalls.validate(request.get()) : TradingCalls.validate(call.path(), in);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        Optional<Account<UserOrder>> account = id.map(of -> domestic.ledger().findOrOpenAccount(of));
        id.ifPresent(of -> identities.bindAccount(key, of, out));
        if (account.isPresent() && isOverLedgerLimit(call, key, account.get(), now)) {
            return AnswerBodies.error(500, "EGW00215", "원장에서 허용 가능한 초당 거래건수를 초과하였습니다.");
        }
        return request.isPresent()
                ? answerFromCatalog(request.get(), id, account, now)
                : tradingCalls.answer(call, in, account.orElseThrow(), now);
    }

    private static HttpAnswer malformedBody() {
        return AnswerBodies.error(200, "OPSQ9995", "JSON PARSING ERROR : body");
    }

    /** Paper has accounts of stocks (01) and of futures and options (03) only. */
    private Optional<AccountId> account(Map<String, String> in) {
        return AccountId.parse(in.getOrDefault("CANO", ""), in.getOrDefault("ACNT_PRDT_CD", ""))
                .filter(id -> rules.face() == Face.LIVE
                        || id.product().equals("01")
                        || id.product().equals("03"));
    }

    private boolean isOverLedgerLimit(Input.Rest call, Identities.AppKey key, Account<UserOrder> account, Instant now) {
        if (faults.hits("ledger_limit_storm", CallRouter.occasion(call))) {
            return true;
        }
        boolean over = !ledgerCalls
                .computeIfAbsent(account.id(), id -> new RateWindow(rules.ledgerPerSecond()))
                .admit(now);
        if (over) {
            conformance.overLedgerLimit(call, key);
        }
        return over;
    }

    /** Answers a call of the catalog that neither the market nor the ledger answers by itself. */
    private HttpAnswer answerFromCatalog(
            CatalogRequest request, Optional<AccountId> id, Optional<Account<UserOrder>> account, Instant now) {
        Optional<HttpAnswer> usAnswer = usBroker.answer(request, id, now);
        if (usAnswer.isPresent()) {
            return usAnswer.get();
        }
        VenueScope scope = VenueScope.of(request.param("FID_COND_MRKT_DIV_CODE"));
        catalogCalls.stock(request).ifPresent(symbol -> domestic.currentSnapshot(symbol, scope, now));
        // Published prices must be in the file.
        domestic.savePrices();
        return catalogCalls.answer(request, account, () -> usBroker.assets(id.orElseThrow()), faults.brokerTime(now));
    }

    // ---- hashkey -------------------------------------------------------------------------------------------------

    static HttpAnswer hashkey(Input.Rest call) {
        return call.body() instanceof Input.Body.Fields fields
                ? HttpAnswer.of(
                        200,
                        Json.object()
                                .raw("BODY", fields.text())
                                .field("HASH", hash(fields))
                                .text())
                : malformedBody();
    }

    private static boolean hasWrongHash(Input.Rest call) {
        String sentHash = call.headers().getOrDefault("hashkey", "");
        return !sentHash.isEmpty() && call.body() instanceof Input.Body.Fields fields && !sentHash.equals(hash(fields));
    }

    /** Hashes names and values in sorted order, so spaces and the order of fields do not matter. */
    private static String hash(Input.Body.Fields fields) {
        return Secrets.hash(new TreeMap<>(fields.values()).toString());
    }
}

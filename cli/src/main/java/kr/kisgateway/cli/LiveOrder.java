package kr.kisgateway.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.api.instrument.InstrumentCalls;
import kr.kisgateway.api.order.CancelAccepted;
import kr.kisgateway.api.order.Order;
import kr.kisgateway.api.order.OrderAccepted;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.OrderPreview;
import kr.kisgateway.api.order.OrderRequest;
import kr.kisgateway.api.order.ReconcileReport;
import kr.kisgateway.api.quote.QuoteCalls;
import kr.kisgateway.api.risk.KillSwitch;
import kr.kisgateway.api.risk.RiskCalls;
import kr.kisgateway.api.risk.RiskPolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The walk before the first live orders: one share of one symbol, placed where it is not filled, seen and cancelled, with the limits
 * forced down meanwhile. Each step leaves evidence without an account number, and the last line is go or no-go.
 */
@Command(
        name = "live-order",
        description =
                "walks one share of one symbol: places it far from the market, sees it at KIS, cancels it; writes the"
                        + " evidence · 실주문 점검")
final class LiveOrder extends GatewayCommand {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int TRIES = 100;
    private static final List<String> LAYERS = List.of("gateway", "accounts", "strategies", "keys");
    private static final Set<String> ENDED = Set.of("CANCELED", "FILLED", "REJECTED", "EXPIRED");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneId.of("Asia/Seoul"));
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Parameters(paramLabel = "SYMBOL", description = "a Korean stock, 005930")
    private String symbol = "";

    @Option(
            names = "--approve",
            paramLabel = "TEXT",
            description = "the words of the approval, which a terminal asks for; run it once without to see them")
    private Optional<String> approval = Optional.empty();

    @Option(names = "--evidence", paramLabel = "FILE", description = "where the evidence goes (live-order-TIME.json)")
    private Optional<Path> evidenceFile = Optional.empty();

    @Mixin
    private AccountOption account = new AccountOption();

    private final List<Step> steps = new ArrayList<>();

    /** One line of the checklist. */
    private record Step(String name, boolean passed, String evidence, Instant at) {}

    /** Ends the walk: a step did not pass. */
    private static final class NoGo extends Exception {
        private static final long serialVersionUID = 1;
    }

    LiveOrder(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    Duration limit() {
        return BROKER_LIMIT;
    }

    @Override
    int run(GatewayConnection gateway) {
        boolean go = false;
        Optional<String> limitsBefore = Optional.empty();
        try {
            OrderRequest order = prepare(gateway);
            approve(order);
            limitsBefore = Optional.of(forceLimits(gateway, order));
            walk(gateway, order);
            go = true;
        } catch (NoGo _) {
            // The steps name it.
        }
        if (limitsBefore.isPresent()) {
            go &= restore(gateway, limitsBefore.get());
        }
        return conclude(go);
    }

    // ---- the steps ----

    /** What is only looked at. The order rests at the lowest price of the day, where nobody sells. */
    private OrderRequest prepare(GatewayConnection gateway) throws NoGo {
        KillSwitch killSwitch = answer("kill switch", gateway.get(RiskCalls.killSwitch()));
        check("kill switch", !killSwitch.on(), "off", "it is on: ./kis kill-switch off");
        var unused = gateway.get(QuoteCalls.quote(symbol)); // with it the limits of the day become known
        var instrument = answer("instrument", gateway.get(InstrumentCalls.instrument(symbol)));
        OptionalLong lowest = instrument.lowerLimit();
        check("price", lowest.isPresent(), "lowest of the day", "the price limits of the day are unknown; try again");
        OrderRequest order = order(lowest.getAsLong(), false);
        OrderPreview preview = answer("preview", gateway.get(OrderCalls.preview(order)));
        LiveBanner.show(errorScreen(), preview.environment());
        passed("environment", preview.environment());
        boolean onlyDryRun = preview.refusal()
                .filter(refusal -> !refusal.code().equals("DRY_RUN_REQUIRED"))
                .isEmpty();
        check(
                "preview",
                onlyDryRun,
                "1 share of " + symbol + " at " + Format.value(lowest.getAsLong()) + " won passes the checks",
                preview.refusal().map(LiveOrder::text).orElse(""));
        return order;
    }

    private void approve(OrderRequest order) throws NoGo {
        String words = "place 1 share of " + symbol + " on account " + order.accountId();
        String question = "Type \"" + words + "\" to go on. 계속하려면 위 문장을 그대로 입력하십시오.";
        String typed = approval.or(() -> kis.process().line().map(line -> line.apply(question)))
                .orElseGet(() -> {
                    errorScreen().line(question);
                    return "";
                });
        check("approval", typed.strip().equals(words), words, "the words were not typed; nothing was placed");
    }

    /** One share of this symbol, worth this price, until they are restored. Returns the limits before. */
    private String forceLimits(GatewayConnection gateway, OrderRequest order) throws NoGo {
        var before = gateway.get(RiskCalls.limits());
        if (!(before instanceof Response.Done<RiskPolicy>(RiskPolicy _, var received, boolean _))) {
            throw failed("limits", before);
        }
        var forced = (ObjectNode) JSON.readTree(received.text());
        var layer = (ObjectNode) forced.path("gateway");
        layer.put("max_qty", 1)
                .put("sell_max_qty", 1)
                .put("max_notional", order.price().orElseThrow());
        layer.putArray("allow").add(symbol);
        Path saved = write("limits-before", received.text());
        answer(
                "limits",
                gateway.change(RiskCalls.setLimits(forced.toString()), GatewayConnection.Retry.ONLY_IF_NOT_SENT));
        passed("limits", "1 share, " + symbol + " only; those before are in " + saved.getFileName());
        return received.text();
    }

    private void walk(GatewayConnection gateway, OrderRequest order) throws NoGo {
        OrderRequest dryRun = order(order.price().orElseThrow().longValueExact(), true);
        answer("dry run", gateway.change(OrderCalls.place(dryRun, key()), GatewayConnection.Retry.IDEMPOTENT));
        passed("dry run", "recorded");
        var placed =
                answer("placed", gateway.change(OrderCalls.place(order, key()), GatewayConnection.Retry.IDEMPOTENT));
        String id = placed instanceof OrderAccepted accepted ? accepted.orderId() : "";
        passed("placed", id);
        try {
            Order seen = await(gateway, id, "SENT");
            check(
                    "seen at KIS",
                    seen.status().equals("SENT") && seen.kisOrderNo().isPresent(),
                    "number " + masked(seen.kisOrderNo().orElse("")),
                    "it is " + seen.status() + ": " + seen.reason().orElse(""));
        } finally {
            Response<CancelAccepted> cancelled =
                    gateway.change(OrderCalls.cancel(id), GatewayConnection.Retry.IDEMPOTENT);
            problem(cancelled).ifPresent(why -> add("cancel requested", false, why));
        }
        Order ended = await(gateway, id, "CANCELED");
        check(
                "cancelled",
                ended.status().equals("CANCELED") && ended.filledQty() == 0,
                "nothing was filled",
                "it is " + ended.status() + " with " + ended.filledQty() + " shares filled");
        ReconcileReport report =
                answer("reconciled", gateway.change(OrderCalls.reconcile(), GatewayConnection.Retry.IDEMPOTENT));
        check(
                "reconciled",
                report.mismatched() == 0,
                report.checked() + " orders equal KIS's list",
                report.mismatched() + " orders did not match KIS's list");
    }

    private boolean restore(GatewayConnection gateway, String before) {
        try {
            answer(
                    "limits restored",
                    gateway.change(RiskCalls.setLimits(before), GatewayConnection.Retry.ONLY_IF_NOT_SENT));
            var now = gateway.get(RiskCalls.limits());
            boolean same = now instanceof Response.Done<RiskPolicy>(RiskPolicy _, var received, boolean _)
                    && LAYERS.stream()
                            .allMatch(layer -> JSON.readTree(received.text())
                                    .path(layer)
                                    .equals(JSON.readTree(before).path(layer)));
            check("limits restored", same, "as before", "they differ from those before: ./kis limits set FILE");
            return true;
        } catch (NoGo _) {
            return false;
        }
    }

    private Order await(GatewayConnection gateway, String id, String status) throws NoGo {
        for (int i = 0; i < TRIES; i++) {
            Order order = answer("order", gateway.get(OrderCalls.order(id)));
            if (order.status().equals(status) || ENDED.contains(order.status())) {
                return order;
            }
            kis.process().pause().accept(PAUSE);
        }
        return answer("order", gateway.get(OrderCalls.order(id)));
    }

    private OrderRequest order(long price, boolean dryRun) {
        return new OrderRequest(
                account.name(),
                symbol,
                "BUY",
                1,
                Optional.of("LIMIT"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(BigDecimal.valueOf(price)),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                dryRun ? Optional.of(true) : Optional.empty());
    }

    private String key() {
        return kis.process().idempotencyKeys().get();
    }

    // ---- the checklist ----

    private <A> A answer(String step, Response<A> response) throws NoGo {
        if (response instanceof Response.Done<A>(A answer, var _, boolean _)) {
            return answer;
        }
        throw failed(step, response);
    }

    private NoGo failed(String step, Response<?> response) {
        add(step, false, problem(response).orElse("not the expected answer"));
        return new NoGo();
    }

    private static Optional<String> problem(Response<?> response) {
        return switch (response) {
            case Response.Refused<?>(ApiError error, var _) -> Optional.of(text(error));
            case Response.NoAnswer<?>(String reason, boolean _) -> Optional.of(reason);
            case Response.Done<?> _ -> Optional.empty();
        };
    }

    private void check(String step, boolean passed, String evidence, String problem) throws NoGo {
        add(step, passed, passed ? evidence : problem);
        if (!passed) {
            throw new NoGo();
        }
    }

    private void passed(String step, String evidence) {
        add(step, true, evidence);
    }

    private void add(String step, boolean passed, String evidence) {
        steps.add(new Step(step, passed, evidence, kis.process().clock().instant()));
        errorScreen().line((passed ? "passed   " : "NOT YET  ") + step + ": " + evidence);
    }

    private static String text(ApiError error) {
        return error.code() + " " + error.message();
    }

    /** Its last three digits: enough to find it in KIS's list. */
    private static String masked(String kisNumber) {
        return kisNumber.length() < 4
                ? ""
                : "*".repeat(kisNumber.length() - 3) + kisNumber.substring(kisNumber.length() - 3);
    }

    private int conclude(boolean go) {
        ObjectNode evidence = JSON.createObjectNode();
        evidence.put("result", go ? "GO" : "NO-GO").put("symbol", symbol).put("account_id", account.name());
        var list = evidence.putArray("steps");
        steps.forEach(step -> list.addObject()
                .put("step", step.name())
                .put("passed", step.passed())
                .put("evidence", step.evidence())
                .put("at", step.at().toString()));
        Path file = write("live-order", JSON.writeValueAsString(evidence));
        screen().line((go ? "GO. " : "NO-GO. ") + "The evidence is in " + file.getFileName() + ".");
        screen().line((go ? "점검을 마쳤습니다. " : "점검을 통과하지 못했습니다. ") + "증거 파일: " + file.getFileName());
        screen().line(
                        "The way back to reading only: ./kis kill-switch on stops orders at once; GATEWAY_READ_ONLY=true and a"
                                + " restart keep it so.");
        return go ? Kis.DONE : Kis.REFUSED;
    }

    /** Readable by its owner only. */
    private Path write(String name, String text) {
        Path folder = kis.process().workingFolder();
        Path file = name.equals("live-order") && evidenceFile.isPresent()
                ? folder.resolve(evidenceFile.get())
                : folder.resolve(name + "-" + STAMP.format(kis.process().clock().instant()) + ".json");
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw usageError(file + " cannot be written; choose another folder or file");
        }
    }
}

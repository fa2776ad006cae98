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
import kr.kisgateway.api.error.ErrorCode;
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
import tools.jackson.databind.JsonNode;
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
    private final Instant started;

    /** One line of the checklist. */
    private record Step(String name, boolean passed, String evidence, Instant at) {}

    /** Ends the walk: a step did not pass. */
    private static final class NoGo extends Exception {
        private static final long serialVersionUID = 1;
    }

    LiveOrder(Kis kis) {
        super(kis);
        started = kis.process().clock().instant();
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
    Set<String> withoutOptions() {
        return Set.of("--json", "--csv", "--watch");
    }

    @Override
    int run(GatewayConnection gateway) {
        if (!save("UNFINISHED")) {
            throw usageError(evidencePath() + " cannot be written; choose another folder or file");
        }
        boolean go = false;
        Optional<String> limitsBefore = Optional.empty();
        try {
            OrderRequest order = prepare(gateway);
            approve(order);
            String before = limits(gateway);
            limitsBefore = Optional.of(before);
            forceLimits(gateway, order, before);
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
        String typed;
        try (var _ = kis.process().onInterrupt().add(() -> errorScreen().line("Nothing was placed."))) {
            typed = approval.or(() -> kis.process().line().map(line -> line.apply(question)))
                    .orElseGet(() -> {
                        errorScreen().line(question);
                        return "";
                    });
        }
        check("approval", typed.strip().equals(words), words, "the words were not typed; nothing was placed");
    }

    private String limits(GatewayConnection gateway) throws NoGo {
        var limits = gateway.get(RiskCalls.limits());
        if (!(limits instanceof Response.Done<RiskPolicy>(RiskPolicy _, var received, boolean _))) {
            throw failed("limits", limits);
        }
        return received.text();
    }

    /** One share of this symbol, worth this price, until they are restored. */
    private void forceLimits(GatewayConnection gateway, OrderRequest order, String before) throws NoGo {
        var forced = (ObjectNode) JSON.readTree(before);
        var layer = (ObjectNode) forced.path("gateway");
        layer.put("max_qty", 1)
                .put("sell_max_qty", 1)
                .put("max_notional", order.price().orElseThrow());
        layer.putArray("allow").add(symbol);
        if (!write(savedLimits(), before)) {
            check("limits", false, "", savedLimits() + " cannot be written; choose another folder");
        }
        answer(
                "limits",
                gateway.change(RiskCalls.setLimits(forced.toString()), GatewayConnection.Retry.ONLY_IF_NOT_SENT));
        passed(
                "limits",
                "1 share, " + symbol + " only; those before are in "
                        + savedLimits().getFileName());
    }

    private void walk(GatewayConnection gateway, OrderRequest order) throws NoGo {
        OrderRequest dryRun = order(order.price().orElseThrow().longValueExact(), true);
        answer("dry run", gateway.change(OrderCalls.place(dryRun, key()), GatewayConnection.Retry.IDEMPOTENT));
        passed("dry run", "recorded");
        var response = gateway.change(OrderCalls.place(order, key()), GatewayConnection.Retry.IDEMPOTENT);
        if (response instanceof Response.NoAnswer<?>(String reason, boolean mayHaveArrived) && mayHaveArrived) {
            check("placed", false, "", reason + "; it may have been placed: ./kis orders list, ./kis cancel ID");
        }
        String id = answer("placed", response) instanceof OrderAccepted accepted ? accepted.orderId() : "";
        passed("placed", id);
        // An order that was not seen is cancelled like the others.
        boolean complete = seen(gateway, id) & cancelled(gateway, id);
        if (!complete) {
            throw new NoGo();
        }
        ReconcileReport report =
                answer("reconciled", gateway.change(OrderCalls.reconcile(), GatewayConnection.Retry.IDEMPOTENT));
        check(
                "reconciled",
                report.mismatched() == 0,
                report.checked() + " orders equal KIS's list",
                report.mismatched() + " orders did not match KIS's list");
    }

    private boolean seen(GatewayConnection gateway, String id) {
        try {
            Order order = await(gateway, id, "SENT");
            check(
                    "seen at KIS",
                    order.status().equals("SENT") && order.kisOrderNo().isPresent(),
                    "number " + masked(order.kisOrderNo().orElse("")),
                    "it is " + order.status() + ": " + order.reason().orElse(""));
            return true;
        } catch (NoGo _) {
            return false;
        }
    }

    private boolean cancelled(GatewayConnection gateway, String id) {
        try {
            Response<CancelAccepted> response =
                    gateway.change(OrderCalls.cancel(id), GatewayConnection.Retry.IDEMPOTENT);
            boolean ended = response instanceof Response.Refused<?>(ApiError error, var _)
                    && error.code().equals(ErrorCode.ORDER_ALREADY_TERMINAL.name());
            if (!ended) {
                problem(response).ifPresent(why -> add("cancel requested", false, why));
            }
            Order order = await(gateway, id, "CANCELED");
            check(
                    "cancelled",
                    order.status().equals("CANCELED") && order.filledQty() == 0,
                    "nothing was filled",
                    notCancelled(order));
            return true;
        } catch (NoGo _) {
            return false;
        }
    }

    private static String notCancelled(Order order) {
        return "it is " + order.status() + " with " + order.filledQty() + " shares filled; "
                + (ENDED.contains(order.status())
                        ? "nothing of it is open"
                        : "it may be open at KIS: ./kis orders show " + order.orderId() + ", ./kis cancel "
                                + order.orderId());
    }

    private boolean restore(GatewayConnection gateway, String before) {
        // A change without an answer may have been made or not: the limits in force decide.
        Optional<String> problem = isInForce(gateway, before)
                ? Optional.empty()
                : problem(gateway.change(RiskCalls.setLimits(before), GatewayConnection.Retry.ONLY_IF_NOT_SENT));
        boolean same = isInForce(gateway, before);
        add(
                "limits restored",
                same,
                same
                        ? "as before"
                        : problem.map(why -> why + "; ").orElse("") + "restore those before: ./kis limits set "
                                + savedLimits().getFileName());
        return same;
    }

    private static boolean isInForce(GatewayConnection gateway, String limits) {
        JsonNode wanted = JSON.readTree(limits);
        return gateway.get(RiskCalls.limits())
                        instanceof Response.Done<RiskPolicy>(RiskPolicy _, var received, boolean _)
                && LAYERS.stream()
                        .allMatch(layer ->
                                JSON.readTree(received.text()).path(layer).equals(wanted.path(layer)));
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
        var unused = save("UNFINISHED");
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
        if (!save(go ? "GO" : "NO-GO")) {
            errorScreen().line(evidencePath() + " cannot be written: the evidence is incomplete");
            go = false;
        }
        Path file = evidencePath();
        screen().line((go ? "GO. " : "NO-GO. ") + "The evidence is in " + file.getFileName() + ".");
        screen().line((go ? "점검을 마쳤습니다. " : "점검을 통과하지 못했습니다. ") + "증거 파일: " + file.getFileName());
        screen().line(
                        "The way back to reading only: ./kis kill-switch on stops orders at once; GATEWAY_READ_ONLY=true and a"
                                + " restart keep it so.");
        return go ? Kis.DONE : Kis.REFUSED;
    }

    /** Writes the evidence so far, which stays when the command is killed; false where it cannot. A walk that has begun goes on to its cancel. */
    private boolean save(String result) {
        ObjectNode evidence = JSON.createObjectNode();
        evidence.put("result", result).put("symbol", symbol).put("account_id", account.name());
        var list = evidence.putArray("steps");
        steps.forEach(step -> list.addObject()
                .put("step", step.name())
                .put("passed", step.passed())
                .put("evidence", step.evidence())
                .put("at", step.at().toString()));
        return write(evidencePath(), JSON.writeValueAsString(evidence));
    }

    private Path evidencePath() {
        return kis.process()
                .workingFolder()
                .resolve(evidenceFile.orElse(Path.of("live-order-" + STAMP.format(started) + ".json")));
    }

    private Path savedLimits() {
        return kis.process().workingFolder().resolve("limits-before-" + STAMP.format(started) + ".json");
    }

    /** Readable by its owner only. */
    private static boolean write(Path file, String text) {
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, text, StandardCharsets.UTF_8);
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}

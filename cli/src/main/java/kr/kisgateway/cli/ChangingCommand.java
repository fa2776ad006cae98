package kr.kisgateway.cli;

import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.order.Order;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.session.SessionCalls;
import kr.kisgateway.api.session.SessionStatus;
import kr.kisgateway.terminal.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A command whose request has an idempotency key: it is done once, whatever fails. */
@Command
abstract class ChangingCommand extends GatewayCommand {
    @Mixin
    private KeyOption keyOption = new KeyOption();

    ChangingCommand(Kis kis) {
        super(kis);
    }

    @Override
    final boolean isMutating() {
        return true;
    }

    /** Whether the command line has the key of an earlier attempt. */
    final boolean isRepetition() {
        return keyOption.isGiven();
    }

    /** Confirms the change before it is sent; the exit code when it must not be. */
    Optional<Integer> exitUnlessConfirmed(GatewayConnection gateway) {
        return Optional.empty();
    }

    /** Displays what a preview would be refused for, instead of sending it. */
    final int decline(ApiError refusal, String outcome) {
        if (kis.json() && !kis.quiet()) {
            kis.process().out().println(ApiJson.text(refusal));
        } else {
            Refusals.show(errorScreen(), refusal, Optional.empty(), Optional.empty());
        }
        errorScreen().line(outcome);
        return Kis.REFUSED;
    }

    /** Displays figures of the change before it is confirmed; the exit code when it cannot. */
    Optional<Integer> showFigures(GatewayConnection gateway, Order order, Screen shown) {
        return Optional.empty();
    }

    /**
     * Displays the command's order and what is to change, and prompts once.
     *
     * @param change what the command does to the order
     * @return the exit code when nothing must be sent
     */
    final Optional<Integer> confirmChange(
            GatewayConnection gateway,
            Confirmation confirmation,
            Function<Order, String> change,
            String english,
            String korean) {
        if (!confirmation.isPossible(kis.process())) {
            throw unconfirmed();
        }
        var status = gateway.get(SessionCalls.status());
        if (!(status instanceof Response.Done<SessionStatus>(SessionStatus session, var _, boolean _))) {
            return Optional.of(reportUnsent(status));
        }
        var found = gateway.get(OrderCalls.order(orderId().orElseThrow()));
        if (!(found instanceof Response.Done<Order>(Order order, var _, boolean _))) {
            return Optional.of(reportUnsent(found));
        }
        Screen shown = previewScreen(!confirmation.isGivenByOption());
        LiveBanner.show(shown, session.env());
        shown.line(order.orderId() + " is " + order.status() + ": " + Format.terms(order) + ", "
                + Format.value(order.filledQty()) + " filled, account " + order.accountId());
        shown.line("This " + change.apply(order) + ".");
        Optional<Integer> failed = showFigures(gateway, order, shown);
        if (failed.isPresent()) {
            return failed;
        }
        return confirmation.isGiven(
                        kis.process(), LiveBanner.question(session.env(), english, korean), "Nothing was done.")
                ? Optional.empty()
                : Optional.of(Kis.REFUSED);
    }

    /** The request's key. It is printed before anything is sent, so that the operator has it whatever happens. */
    final String idempotencyKey() {
        return keyOption.use(this, kis);
    }
}

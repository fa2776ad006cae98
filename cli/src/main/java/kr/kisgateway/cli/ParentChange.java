package kr.kisgateway.cli;

import java.util.Optional;
import kr.kisgateway.api.parent.Parent;
import kr.kisgateway.api.parent.ParentCalls;
import kr.kisgateway.api.session.SessionCalls;
import kr.kisgateway.api.session.SessionStatus;
import kr.kisgateway.terminal.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A command that changes a parent order after it was shown and one confirmation. */
@Command
abstract class ParentChange extends GatewayCommand {
    private final String command;

    @Parameters(paramLabel = "ID", description = "the id, par_…")
    private String id = "";

    @Mixin
    private Confirmation confirmation = new Confirmation();

    /** A question in both languages. */
    record Question(String english, String korean) {}

    /** @param command the command of {@code ./kis orders} that does the same to an order */
    ParentChange(Kis kis, String command) {
        super(kis);
        this.command = command;
    }

    @Override
    final boolean isMutating() {
        return true;
    }

    @Override
    final Optional<String> orderId() {
        return Optional.of(id);
    }

    /** What the command does to the parent order, for the sentence "This …". */
    abstract String change(Parent parent);

    /** What it asks, in English and in Korean. */
    abstract Question question();

    /** Sends the request and displays the answer; returns the exit code. */
    abstract int send(GatewayConnection gateway, String parentId);

    @Override
    final int run(GatewayConnection gateway) {
        requireParent(id, command);
        checkOptions();
        if (!confirmation.isPossible(kis.process())) {
            throw unconfirmed();
        }
        var status = gateway.get(SessionCalls.status());
        if (!(status instanceof Response.Done<SessionStatus>(SessionStatus session, var _, boolean _))) {
            return reportUnsent(status);
        }
        var found = gateway.get(ParentCalls.parent(id));
        if (!(found instanceof Response.Done<Parent>(Parent parent, var _, boolean _))) {
            return reportUnsent(found);
        }
        Screen shown = previewScreen(!confirmation.isGivenByOption());
        LiveBanner.show(shown, session.env());
        shown.line(parent.parentId() + " is " + parent.status() + ": " + parent.kind() + ", "
                + ParentShow.orders(parent) + ", account "
                + parent.order().accountId());
        shown.line("This " + change(parent) + ".");
        Question question = question();
        if (!confirmation.isGiven(
                kis.process(),
                LiveBanner.question(session.env(), question.english(), question.korean()),
                "Nothing was done.")) {
            return Kis.REFUSED;
        }
        return send(gateway, id);
    }

    /** Refuses options that make no change. */
    void checkOptions() {}
}

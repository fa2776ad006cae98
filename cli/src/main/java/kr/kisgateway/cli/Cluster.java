package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.session.ClusterStatus;
import kr.kisgateway.api.session.SessionCalls;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;

@Command(
        description = "The gateways that share a database, and which of them owns the accounts.%n"
                + "데이터베이스를 함께 쓰는 게이트웨이와 계좌를 맡은 게이트웨이를 보여 줍니다.")
final class Cluster extends GatewayCommand {
    Cluster(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(SessionCalls.cluster()), this::show);
    }

    private void show(ClusterStatus status) {
        status.lease()
                .ifPresentOrElse(
                        lease -> screen().pairs(List.of(
                                new Pair("owner", owner(status, lease.owner())),
                                new Pair("since", Format.dateTime(Optional.of(lease.since()))),
                                new Pair("ownership", Format.value(lease.epoch())),
                                new Pair("lease until", Format.dateTime(Optional.of(lease.expiresAt()))))),
                        () -> screen().line("It runs alone: DATABASE_URL is not set."));
        var rows = new ArrayList<List<String>>();
        for (var node : status.nodes()) {
            rows.add(List.of(
                    node.name(),
                    node.role(),
                    node.address(),
                    node.version(),
                    Format.dateTime(Optional.of(node.seenAt()))));
        }
        screen().blank();
        screen().table(
                        List.of(
                                Column.left("GATEWAY"),
                                Column.left("ROLE"),
                                Column.left("ADDRESS"),
                                Column.left("VERSION"),
                                Column.left("SEEN")),
                        rows);
    }

    /** A lease that has ended shows who had it last. */
    private static String owner(ClusterStatus status, String holder) {
        boolean owned = status.nodes().stream().anyMatch(node -> node.role().equals("owner"));
        return owned ? holder : "none now; the last was " + holder;
    }
}

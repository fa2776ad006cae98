package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.face.FaceClient;
import kr.kisgateway.api.face.FaceClientCalls;
import kr.kisgateway.api.face.FaceClientTrace;
import kr.kisgateway.api.face.FaceClients;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        description = "What each program at the KIS-compatible port does, and what it costs.%n"
                + "KIS 호환 포트에 연결된 프로그램의 호출, 비용, 거부 사유를 보여 줍니다.")
final class Trace extends GatewayCommand {
    @Option(
            names = "--key",
            paramLabel = "NAME",
            description = "the program with this key: registrations, refusals, last calls")
    private Optional<String> key = Optional.empty();

    Trace(Kis kis) {
        super(kis);
    }

    @Override
    boolean needsOperator() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        return key.isPresent()
                ? report(gateway.get(FaceClientCalls.trace(key.get())), this::show)
                : report(gateway.get(FaceClientCalls.clients(OptionalInt.empty())), this::show);
    }

    private void show(FaceClients answer) {
        if (answer.port().isEmpty()) {
            screen().line("The KIS-compatible port is off (KIS_FACE), or could not be bound.");
            return;
        }
        var totals = answer.totals();
        screen().line(Format.value(totals.calls()) + " calls since " + Format.dateTime(answer.since())
                + " answered with " + Format.value(totals.served().kis()) + " calls to KIS.");
        var pairs = new ArrayList<>(served(totals.served()));
        pairs.add(new Pair("waited", waited(totals.queuedMs())));
        pairs.add(new Pair("refused", refused(totals.refused(), totals.unidentified())));
        pairs.add(new Pair(
                "sockets", Format.value(totals.sockets()) + ", registrations " + Format.value(totals.registrations())));
        screen().pairs(List.copyOf(pairs));
        if (answer.clients().isEmpty()) {
            screen().line("No key has a virtual app key; ./kis keys create NAME --face makes one.");
            return;
        }
        screen().blank();
        screen().table(
                        List.of(
                                Column.left("KEY"),
                                Column.left("SOCKET"),
                                Column.right("CALLS"),
                                Column.right("KIS"),
                                Column.right("CACHE"),
                                Column.right("COALESCED"),
                                Column.right("HELD"),
                                Column.right("WAITED"),
                                Column.right("REFUSED"),
                                Column.right("ORDERS"),
                                Column.right("PUSHED"),
                                Column.right("POLLED")),
                        answer.clients().stream().map(Trace::row).toList());
    }

    private static String refused(long refused, long unidentified) {
        return Format.value(refused)
                + (unidentified == 0 ? "" : "; calls without a valid key " + Format.value(unidentified));
    }

    private static List<String> row(FaceClient client) {
        return List.of(
                client.name(),
                client.socket().map(FaceClient.Socket::address).orElse("-"),
                Format.value(client.calls()),
                Format.value(client.served().kis()),
                Format.value(client.served().cache()),
                Format.value(client.served().coalesced()),
                Format.value(client.served().held()),
                waited(client.queuedMs()),
                Format.value(client.refused()),
                Format.value(client.orders().accepted()),
                count(client, "push"),
                count(client, "poll"));
    }

    private static String count(FaceClient client, String mode) {
        return Format.value(client.registrations().stream()
                .filter(registration -> registration.mode().equals(mode))
                .count());
    }

    private static List<Pair> served(FaceClient.Served served) {
        return List.of(
                new Pair("from KIS", Format.value(served.kis())),
                new Pair("from cache", Format.value(served.cache())),
                new Pair("coalesced", Format.value(served.coalesced())),
                new Pair("from held values", Format.value(served.held())),
                new Pair("by the gateway", Format.value(served.gateway())));
    }

    private static String waited(long millis) {
        return Format.value(millis) + " ms";
    }

    private void show(FaceClientTrace trace) {
        var client = trace.client();
        screen().line(client.name() + (client.state().equals("VALID") ? "" : " (" + client.state() + ")") + ": "
                + Format.value(client.calls()) + " calls since " + Format.dateTime(trace.since()) + " answered with "
                + Format.value(client.served().kis()) + " calls to KIS.");
        var pairs = new ArrayList<>(served(client.served()));
        pairs.add(new Pair("waited", waited(client.queuedMs())));
        pairs.add(new Pair(
                "orders",
                Format.value(client.orders().accepted()) + " accepted, "
                        + Format.value(client.orders().refused()) + " refused, "
                        + Format.value(client.orders().inDoubt()) + " in doubt"));
        pairs.add(new Pair(
                "socket",
                client.socket()
                        .map(socket -> socket.address() + " since " + Format.dateTime(socket.since()))
                        .orElse("not connected")));
        screen().pairs(List.copyOf(pairs));
        if (!client.registrations().isEmpty()) {
            screen().blank();
            client.registrations()
                    .forEach(it -> screen().line(it.trId() + " " + it.trKey() + " (" + it.mode() + ", "
                            + it.lastFrameAt()
                                    .map(at -> "last frame " + Format.dateTime(at))
                                    .orElse("no frame yet")
                            + "): " + it.why()));
        }
        if (!client.refusals().isEmpty()) {
            screen().blank();
            screen().table(
                            List.of(
                                    Column.left("REFUSED"),
                                    Column.right("TIMES"),
                                    Column.left("LAST"),
                                    Column.left("REASON")),
                            client.refusals().stream()
                                    .map(it -> List.of(
                                            it.code(), Format.value(it.count()), Format.dateTime(it.at()), it.reason()))
                                    .toList());
        }
        if (!trace.recent().isEmpty()) {
            screen().blank();
            screen().table(
                            List.of(
                                    Column.left("TIME"),
                                    Column.left("TR"),
                                    Column.left("CALL"),
                                    Column.left("FROM"),
                                    Column.right("MS"),
                                    Column.left("REFUSED")),
                            trace.recent().stream().map(Trace::row).toList());
        }
    }

    private static List<String> row(FaceClientTrace.RecentCall call) {
        return List.of(
                Format.dateTime(call.at()),
                call.trId(),
                call.call(),
                call.source(),
                Format.value(call.ms()),
                call.code().map(code -> code + " " + call.reason().orElse("")).orElse(""));
    }
}

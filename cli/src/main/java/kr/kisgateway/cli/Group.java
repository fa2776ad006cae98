package kr.kisgateway.cli;

import picocli.CommandLine.Command;

/** Groups of commands. */
final class Group {
    private Group() {}

    @Command(
            description =
                    "List, cancel and modify orders, resolve those in doubt. Programs place them: POST /v1/orders.%n"
                            + "주문을 조회, 취소, 정정하고 체결 여부가 불확실한 주문을 처리합니다.",
            synopsisSubcommandLabel = "COMMAND")
    static final class Orders {}

    @Command(
            description =
                    "Parent orders: list, show, change and cancel them. buy and sell --at and bracket create them.%n"
                            + "예약·조건 주문을 조회, 변경, 취소합니다. buy, sell 의 --at 과 bracket 으로 만듭니다.",
            synopsisSubcommandLabel = "COMMAND")
    static final class Parents {}

    @Command(
            description = "Stop all placing and modifying, or allow it again.%n" + "모든 신규 주문과 정정을 즉시 막거나 다시 허용합니다.",
            synopsisSubcommandLabel = "COMMAND")
    static final class KillSwitch {}

    @Command(
            description = "Alerts of TradingView and other services that become orders.%n"
                    + "TradingView 등의 알림을 주문으로 바꾸는 웹훅을 관리합니다.",
            synopsisSubcommandLabel = "COMMAND")
    static final class Webhook {}

    @Command(
            description = "Record ticks into files, list and stop recordings.%n" + "체결·호가 틱을 파일로 기록하고 관리합니다.",
            synopsisSubcommandLabel = "COMMAND")
    static final class Ticks {}

    @Command(
            description =
                    "Work in the gateway's background: how far it is, and stop it.%n" + "게이트웨이의 백그라운드 작업을 조회하거나 취소합니다.",
            synopsisSubcommandLabel = "COMMAND")
    static final class Jobs {}

    @Command(
            description =
                    "What the simulator of a running gateway does; its own process starts without one of these words"
                            + " (./kis simulator --help).%n" + "실행 중인 게이트웨이의 시뮬레이터를 조작합니다.",
            synopsisSubcommandLabel = "COMMAND")
    static final class Simulator {}
}

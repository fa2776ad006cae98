package kr.kisgateway.cli;

import picocli.CommandLine.Option;

/** The option that names an account, for commands about one. */
final class AccountOption {
    @Option(names = "--account", paramLabel = "ID", description = "the account's name at the gateway (A1)")
    private String account = "A1";

    String name() {
        return account;
    }
}

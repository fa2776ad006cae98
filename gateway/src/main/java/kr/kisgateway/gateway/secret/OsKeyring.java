package kr.kisgateway.gateway.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.client.Secret;

/**
 * The master key in the user's keyring: by {@code secret-tool} the Secret Service of Linux (GNOME Keyring, KWallet), by {@code
 * security} the keychain of macOS. The operating system's own program is called, because it asks the user where the keyring is
 * locked.
 */
final class OsKeyring implements MasterKeySource {
    private static final String SERVICE = "kis-gateway";
    private static final String ACCOUNT = "master-key";
    private static final long ANSWER_SECONDS = 60;
    private static final int OUTPUT_MAX = 4096;

    private final boolean mac;

    /** @param operatingSystem the system property {@code os.name} */
    OsKeyring(String operatingSystem) {
        this.mac = operatingSystem.toLowerCase(Locale.ROOT).startsWith("mac");
    }

    private record Answer(int exitCode, String output) {}

    @Override
    public Optional<MasterKey> read() throws SecretException {
        var answer = mac
                ? run(List.of("security", "find-generic-password", "-s", SERVICE, "-a", ACCOUNT, "-w"), "")
                : run(List.of("secret-tool", "lookup", "service", SERVICE, "account", ACCOUNT), "");
        var text = answer.output().strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.length() < MasterKey.LENGTH_MIN) {
            throw new SecretException("The entry " + SERVICE + " of the keyring is no master key; restore it.");
        }
        return Optional.of(new MasterKey(Secret.of(text)));
    }

    @Override
    public void create(MasterKey key, SecureRandom random) throws SecretException {
        if (read().isEmpty()) {
            replace(key, random);
        }
    }

    @Override
    public void replace(MasterKey key, SecureRandom random) throws SecretException {
        var text = key.text().reveal();
        // By standard input: arguments can be read by other programs of the machine.
        var answer = mac
                ? run(
                        List.of("security", "-i"),
                        "add-generic-password -U -s %s -a %s -w %s\n".formatted(SERVICE, ACCOUNT, text))
                : run(
                        List.of(
                                "secret-tool",
                                "store",
                                "--label=KIS Trading Gateway",
                                "service",
                                SERVICE,
                                "account",
                                ACCOUNT),
                        text);
        if (answer.exitCode() != 0) {
            throw new SecretException("The keyring did not store the master key (exit code " + answer.exitCode()
                    + "): is it unlocked, and does a session bus run? MASTER_KEY_SOURCE=file needs neither.");
        }
    }

    private static Answer run(List<String> command, String input) throws SecretException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new SecretException(
                    "MASTER_KEY_SOURCE is keyring, and " + command.getFirst() + " cannot be started: install "
                            + (command.getFirst().equals("secret-tool") ? "libsecret-tools" : "it")
                            + ", or choose another source.",
                    e);
        }
        try {
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.US_ASCII));
            }
            // Its answer fits into the pipe, so the process ends before it is read.
            if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
                throw new SecretException("The keyring did not answer for " + ANSWER_SECONDS + " s; unlock it.");
            }
            var text = new String(process.getInputStream().readNBytes(OUTPUT_MAX), StandardCharsets.US_ASCII);
            return new Answer(process.exitValue(), text);
        } catch (IOException e) {
            throw new SecretException("The keyring cannot be used: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SecretException("Interrupted while the keyring was asked.", e);
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public String label() {
        return "the keyring's entry " + SERVICE;
    }
}

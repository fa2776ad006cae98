package kr.kisgateway.gateway;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.secret.SecretException;
import kr.kisgateway.gateway.secret.SigningKey;
import kr.kisgateway.gateway.settings.SettingsLoader;

/** The public part of the key that signs a folder's audit, for which the master key vouches. */
final class TrustedKey {
    private TrustedKey() {}

    /**
     * Empty where the master key cannot be read.
     *
     * @param arguments settings of the command line
     */
    static Optional<byte[]> of(Path folder, CommandEnvironment process, List<String> arguments) {
        var place =
                SettingsLoader.secretsPlace(arguments, process.variables(), process.workingDir(), process.homeDir());
        try {
            return place.problems().isEmpty()
                    ? SigningKey.read(
                                    folder.resolve(SigningKey.NAME),
                                    place.masterKeys().read())
                            .map(SigningKey::publicKey)
                    : Optional.empty();
        } catch (SecretException _) {
            return Optional.empty();
        }
    }
}

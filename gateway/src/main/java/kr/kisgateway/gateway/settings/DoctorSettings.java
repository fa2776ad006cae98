package kr.kisgateway.gateway.settings;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The settings of {@code doctor}, valid or not: what they contain is checked as far as possible.
 *
 * @param environment the environment that they select; empty when they select none without a contradiction
 * @param settings what was read; values with problems have defaults
 * @param credentials how the credentials of paper and live are related
 * @param addressService {@code NETWORK_ADDRESS_URL}
 * @param secretsIn names of the files in the working folder that contain secrets in clear
 * @param problems sentences about what prevents the start
 */
public record DoctorSettings(
        Optional<KisEnvironment> environment,
        Settings settings,
        Credentials credentials,
        Optional<URI> addressService,
        List<String> secretsIn,
        List<String> problems) {
    public DoctorSettings {
        secretsIn = List.copyOf(secretsIn);
        problems = List.copyOf(problems);
    }

    /**
     * How the credentials of paper and live are related.
     *
     * @param sameKey whether {@code KIS_APP_KEY} and {@code KIS_MOCK_APP_KEY} are one key
     * @param sameAccount whether live and paper have the same account number
     * @param ownPaperKey whether {@code KIS_MOCK_APP_KEY} is set
     * @param ownPaperAccount whether {@code KIS_MOCK_CANO} is set
     */
    public record Credentials(boolean sameKey, boolean sameAccount, boolean ownPaperKey, boolean ownPaperAccount) {}
}

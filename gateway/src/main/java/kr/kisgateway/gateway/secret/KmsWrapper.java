package kr.kisgateway.gateway.secret;

import java.security.SecureRandom;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * AWS Key Management Service. Region and credentials come from where AWS's programs take them (environment, {@code ~/.aws}, the
 * machine's role), the address of another service with its protocol from {@code AWS_ENDPOINT_URL_KMS}.
 */
final class KmsWrapper implements KeyWrapper {
    static final String SCHEME = "aws-kms://";

    /** Bound to the ciphertext: the service decrypts it for this purpose only, and its log has it. */
    private static final Map<String, String> CONTEXT = Map.of("purpose", "kis-gateway master key");

    private final String keyId;

    /** @param keyId an ARN, id or alias of a symmetric key */
    KmsWrapper(String keyId) {
        this.keyId = keyId;
    }

    @Override
    public byte[] wrap(byte[] clear, SecureRandom random) throws SecretException {
        try (var kms = client()) {
            return kms.encrypt(request -> request.keyId(keyId)
                            .plaintext(SdkBytes.fromByteArray(clear))
                            .encryptionContext(CONTEXT))
                    .ciphertextBlob()
                    .asByteArray();
        } catch (SdkException e) {
            throw failed("encrypt", e);
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped) throws SecretException {
        try (var kms = client()) {
            return kms.decrypt(request -> request.keyId(keyId)
                            .ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                            .encryptionContext(CONTEXT))
                    .plaintext()
                    .asByteArray();
        } catch (SdkException e) {
            throw failed("decrypt", e);
        }
    }

    private SecretException failed(String action, SdkException e) {
        return new SecretException(
                "AWS KMS did not " + action + " the master key with " + keyId + ": " + e.getMessage()
                        + " Check region, credentials (AWS_REGION, AWS_PROFILE) and the key's policy.",
                e);
    }

    private static KmsClient client() {
        return KmsClient.builder().httpClient(UrlConnectionHttpClient.create()).build();
    }

    @Override
    public String label() {
        return SCHEME + keyId;
    }
}

package kr.kisgateway.api.webhook;

import java.util.Optional;
import kr.kisgateway.api.schema.Form;

/**
 * A created webhook with its secret, which is in this answer only. | 생성한 웹훅과 비밀값. 비밀값은 이 응답에서만 제공합니다.
 *
 * @param secret Secret of the webhook: the last part of the address, or the alert's member {@code secret}. | 웹훅 비밀값. 주소의
 *     마지막 부분 또는 알림의 {@code secret} 항목에 넣습니다.
 * @param path Path with the secret, for a sender whose body is fixed. | 비밀값을 포함한 경로.
 * @param url Address with the secret as this caller reaches the gateway; null where that is unknown. | 비밀값을 포함한 주소. 알 수
 *     없으면 null.
 * @param webhook The webhook. | 웹훅.
 */
public record MadeWebhook(
        @Form("^kwh_[A-Za-z0-9_-]{43}$") String secret, String path, Optional<String> url, Webhook webhook) {}

package kr.kisgateway.api.webhook;

import java.util.List;

/**
 * The webhooks. | 웹훅 목록.
 *
 * @param enabled Whether alerts are accepted ({@code GATEWAY_WEBHOOKS}). | 알림을 받는지 여부({@code GATEWAY_WEBHOOKS}).
 * @param webhooks All webhooks by name. | 이름순 웹훅 목록.
 */
public record Webhooks(boolean enabled, List<Webhook> webhooks) {}

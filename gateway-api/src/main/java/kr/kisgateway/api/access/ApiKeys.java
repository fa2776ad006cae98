package kr.kisgateway.api.access;

import java.util.List;

/**
 * API keys. | API 키 목록.
 *
 * @param keys Keys, revoked and expired ones included; for a restricted key those within its own limits. | 키 목록 (폐기,
 *     만료된 키 포함). 제한된 키에는 자기 권한 범위 안의 키만 표시합니다.
 */
public record ApiKeys(List<ApiKey> keys) {}

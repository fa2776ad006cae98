package kr.kisgateway.gateway.risk;

/**
 * A change of the limits by a call, as the journal keeps it. It outlives a restart until the settings' own limits are
 * changed: then those hold, because whoever edits a setting expects it to count.
 *
 * @param set what the call set
 * @param configured what the settings said at that time
 */
public record LimitsChange(RiskLayers set, RiskLayers configured) {
    /** The layers to start with, when the settings now say {@code configuredNow}. */
    public RiskLayers effectiveLayers(RiskLayers configuredNow) {
        return configured.equals(configuredNow) ? set : configuredNow;
    }
}

package io.anywire.conformance.broker;

/**
 * What every broker guarantees, whatever it can do: extended by a test class of each driver.
 *
 * <p>What a broker says that it can do ({@link io.anywire.broker.Capabilities}) is tested; what it
 * does not say it has to refuse by name, which is tested in its place.
 */
public abstract class BrokerSuite extends Suite<BrokerEngine>
    implements PublishingCases,
        QueueCases,
        EventCases,
        CallCases,
        OrderingCases,
        DelayCases,
        PriorityCases,
        ReplayCases,
        RetryCases,
        DeadLetterCases,
        LeaseCases,
        InFlightCases,
        InboxCases,
        ResultCases,
        OperationsCases,
        MoveCases,
        NameCases,
        TextCases,
        ClosingCases,
        RacingCases,
        StressCases {}

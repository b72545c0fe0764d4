using MassTransit;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow.SagaStore;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Workflow;

internal static class SagaRegistration
{
    /// <summary>
    /// Retry outside, outbox inside it, saga innermost: a retry begins with a fresh scope and an empty outbox, and
    /// nothing leaves before the state is committed.
    /// </summary>
    public static BusBuilder AddSaga<TMachine, TSaga>(this BusBuilder bus, string queue, int concurrency)
        where TMachine : MassTransitStateMachine<TSaga> where TSaga : class, SagaStateMachineInstance, ISagaRow => bus
        .Register(engine => engine.AddSagaStateMachine<TMachine, TSaga>().InDatabase())
        .Configure(queue, concurrency, (context, endpoint) =>
        {
            endpoint.UseMessageRetry(retry =>
            {
                // The first ones for two messages that met on one row, the last ones, half a minute later, for a database that restarts.
                retry.Exponential(12, TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(20));
                retry.Ignore<Exception>(bus.IsHopeless);
            });
            endpoint.UseInMemoryOutbox(context);
            endpoint.ConfigureSaga<TSaga>(context);
        });
}

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
    public static BusBuilder AddSaga<TMachine, TSaga>(this BusBuilder bus, string queue)
        where TMachine : MassTransitStateMachine<TSaga> where TSaga : class, SagaStateMachineInstance, ISagaRow => bus
        .Register(engine => engine.AddSagaStateMachine<TMachine, TSaga>().InDatabase())
        .Configure(queue, concurrency: 2, (context, endpoint) =>
        {
            endpoint.UseMessageRetry(retry => retry.Intervals(5, 10, 20, 50, 100, 200, 500, 1000));
            endpoint.UseInMemoryOutbox(context);
            endpoint.ConfigureSaga<TSaga>(context);
        });
}

using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Workflow.SagaStore;

internal static class SagaStoreRegistration
{
    /// <summary>Keeps the sagas of this machine in <see cref="OrchestratorDb"/>.</summary>
    public static ISagaRegistrationConfigurator<TSaga> InDatabase<TSaga>(this ISagaRegistrationConfigurator<TSaga> saga) where TSaga : class, ISaga =>
        saga.Repository(repository =>
        {
            repository.RegisterLoadSagaRepository<TSaga, SagaStoreFactory<TSaga>>();
            repository.RegisterQuerySagaRepository<TSaga, SagaStoreFactory<TSaga>>();
            repository.RegisterSagaRepository<TSaga, OrchestratorDb, SagaConsumeContextFactory<OrchestratorDb, TSaga>, SagaStoreFactory<TSaga>>();
        });
}

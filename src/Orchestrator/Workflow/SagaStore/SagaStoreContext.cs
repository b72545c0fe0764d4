using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Workflow.SagaStore;

/// <summary>
/// A saga repository for one message. No explicit transaction: the one SaveChanges at the end writes the saga, its
/// timeline and whatever rows the machine touched. The context factory gets this context and not the outer one, or the
/// machine would not see the database among its payloads.
/// </summary>
internal sealed class SagaStoreContext<TSaga, TMessage>(
    OrchestratorDb db, ConsumeContext<TMessage> consume, ISagaConsumeContextFactory<OrchestratorDb, TSaga> contexts)
    : ConsumeContextScope<TMessage>(consume, db), SagaRepositoryContext<TSaga, TMessage>
    where TSaga : class, ISaga where TMessage : class
{
    public Task<SagaConsumeContext<TSaga, TMessage>> Add(TSaga instance) => Wrap(instance, SagaConsumeContextMode.Add);

    public async Task<SagaConsumeContext<TSaga, TMessage>> Insert(TSaga instance)
    {
        db.Add(instance);
        await db.SaveChangesAsync(CancellationToken);
        return await Wrap(instance, SagaConsumeContextMode.Insert);
    }

    public async Task<SagaConsumeContext<TSaga, TMessage>> Load(Guid correlationId)
    {
        var saga = await db.Set<TSaga>().AsTracking().SingleOrDefaultAsync(s => s.CorrelationId == correlationId, CancellationToken);
        return saga is null ? null! : await Wrap(saga, SagaConsumeContextMode.Load);
    }

    public Task Save(SagaConsumeContext<TSaga> context)
    {
        db.Add(context.Saga);
        return db.SaveChangesAsync(CancellationToken);
    }

    public Task Update(SagaConsumeContext<TSaga> context) => db.SaveChangesAsync(CancellationToken);

    public Task Delete(SagaConsumeContext<TSaga> context)
    {
        db.Remove(context.Saga);
        return db.SaveChangesAsync(CancellationToken);
    }

    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<TSaga> context)
    {
        db.ChangeTracker.Clear();
        return Task.CompletedTask;
    }

    public Task<SagaConsumeContext<TSaga, T>> CreateSagaConsumeContext<T>(ConsumeContext<T> consumeContext, TSaga instance, SagaConsumeContextMode mode)
        where T : class => contexts.CreateSagaConsumeContext(db, consumeContext, instance, mode);

    private Task<SagaConsumeContext<TSaga, TMessage>> Wrap(TSaga saga, SagaConsumeContextMode mode) =>
        contexts.CreateSagaConsumeContext(db, this, saga, mode);
}

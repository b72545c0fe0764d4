using MassTransit;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Workflow;

internal static class SagaSending
{
    /// <summary>From inside a saga: leaves with the outbox, after the state is committed.</summary>
    /// <param name="timeToLive">After which a message nobody took is gone.</param>
    public static async Task SendToAsync<T>(this ISendEndpointProvider context, string queue, T message, TimeSpan? timeToLive = null) where T : class =>
        await (await context.GetSendEndpoint(QueueAddress.Of(queue))).Send(message, send => send.TimeToLive = timeToLive);

    /// <summary>Answers a request; where the message was only sent, nobody waits.</summary>
    public static Task AnswerAsync<T>(this ConsumeContext context, T answer) where T : class =>
        context.ResponseAddress is null ? Task.CompletedTask : context.RespondAsync(answer);
}

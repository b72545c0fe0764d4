using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Training;

namespace VerSemi.GpuTrainer.Tests.Training;

public sealed class ScheduleTests
{
    private static readonly Schedule Schedule = new(new TrainingRecipe
    {
        Stage1Steps = 60,
        Stage2Steps = 40,
        LearningRate = 1e-2,
        LearningRateDecayPower = 1,
        WarmStartLearningRateFactor = 0.5,
    });

    [Theory]
    [InlineData(0, 1e-2)]
    [InlineData(50, 5e-3)]
    [InlineData(99, 1e-4)]
    public void The_learning_rate_falls_over_both_stages(int step, double rate) => Assert.Equal(rate, Schedule.LearningRate(step, warm: false), 1e-12);

    [Theory]
    [InlineData(0)]
    [InlineData(70)]
    public void From_the_champions_weights_it_is_lower_by_the_recipes_factor(int step) =>
        Assert.Equal(Schedule.LearningRate(step, warm: false) * 0.5, Schedule.LearningRate(step, warm: true), 1e-12);

    [Fact]
    public void The_teachers_weight_rises_over_its_own_steps_of_stage_2()
    {
        var schedule = new Schedule(new TrainingRecipe { Stage1Steps = 10, Stage2Steps = 20, TeacherWeight = 2, TeacherRampSteps = 10 });
        Assert.Equal(2 * Math.Exp(-5), schedule.Weights(10).Teacher, 9);
        Assert.Equal(2 * Math.Exp(-5 * 0.25), schedule.Weights(15).Teacher, 9);
        Assert.Equal(2, schedule.Weights(20).Teacher, 9);
    }
}

/** How a training script logs. */
export const SNIPPET = `from torch.utils.tensorboard import SummaryWriter
from tensorboard_fgsm import FGSM, FGSMLogger

writer = SummaryWriter()
attack = FGSM([1/255, 2/255, 4/255, 8/255], mean=mean, std=std)
fgsm = FGSMLogger(writer, attack, class_names=class_names)

for epoch in range(epochs):
    train(model)
    fgsm.log(model, inputs, labels, step=epoch)
`;
